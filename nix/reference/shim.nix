# The reference board's factory shim (RMA shim): signed to boot in recovery
# mode with the developer switch on, and of the older kind, which mounts ROOT-A
# without checking it.
{
  kernel,
  kernelBlob,
  rootA,
  disk,
  cmdline ? ./shim/cmdline.txt,
}:
disk {
  name = "qemu-shim";
  image = "shim.bin";
  kernA = kernelBlob {
    name = "qemu-shim-kern-a";
    kernel = "${kernel}/bzImage";
    inherit cmdline;
    key = "installer_kernel";
  };
  rootA = rootA {
    name = "qemu-shim";
    content = ./shim;
    inherit kernel;
  };
  state = ./shim/state;
}
