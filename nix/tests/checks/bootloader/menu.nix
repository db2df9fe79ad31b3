# What a person does at the menu, on a serial terminal and at a screen.
{
  vm,
  images,
}:
let
  patient = images.image {
    state = images.conf "timeout = menu\nwait = 1\n# comment\ncolour = blue\n";
  };
in
{
  # Both shells and back, the log, then a system that is not the default; the
  # init= of the shim's command line is none of it.
  bootloader-choose = vm.play {
    name = "bootloader-choose";
    disk = patient;
    script = ''
      expect shimboot.conf, line 4: "colour = blue" is not understood
      expect ^  >  1  nixos +generation 3  26\.05\.3 +\(sda4\)
      expect power off
      send "e"
      expect ^rescue#
      send "echo $((6 * 7)) in the shell\r"
      expect ^42 in the shell
      send "exit\r"
      expect ^  >  1  nixos
      expect power off
      send "r"
      expect ^A shell in "nixos", which is mounted for writing
      expect ^system#
      send "read -r version </nix/store/system-3/nixos-version; echo this is $version\r"
      expect ^this is 26\.05\.3
      send "exit\r"
      expect power off
      send "l"
      expect ^\[ +[0-9.]+\] bootloader 0
      expect ^\[ +[0-9.]+\] command line: .* init=/sbin/init
      expect ^\[ +[0-9.]+\] rescue shell on /dev/ttyS0
      expect ^\[ +[0-9.]+\] shell /bin/sh in "nixos" on /dev/ttyS0
      expect Enter goes back to the menu
      send "\r"
      expect power off
      send "3"
      expect ^  >  3  nixos +generation 1  26\.05\.1
      send "\r"
      expect generation 1: /nix/var/nix/profiles/system-1-link/init on /dev/sda4
      expect ^test: generation 1 starts
      expect ^test: mounted ext4 rw,noatime,[a-z_,=0]*nodelalloc
      expect ^shimboot: success of [0-9a-f-]{36} 1 is noted
      expect ^test: mounted ext4 rw,noatime,(nodioread_nolock|dioread_lock)[^d]* 0 0
    '';
  };

  # Without a serial line: the keyboard chooses, and the menu is on the screen,
  # whose memory has a byte of colour behind each character.
  bootloader-screen = vm.play {
    name = "bootloader-screen";
    disk = patient;
    options = [ "--screen" ];
    script = ''
      expect ^  >  1  nixos
      expect power off
      qmp {"execute": "send-key", "arguments": {"keys": [{"type": "qcode", "data": "2"}]}}
      expect ^  >  2  nixos
      expect power off
      qmp {"execute": "screendump", "arguments": {"filename": "menu.png", "format": "png"}}
      qmp {"execute": "pmemsave", "arguments": {"val": 753664, "size": 4000, "filename": "screen"}}
      qmp {"execute": "send-key", "arguments": {"keys": [{"type": "qcode", "data": "ret"}]}}
      expect ^test: generation 2 starts
    '';
    after = ''
      od -An -v -tu1 -w2 screen | awk '{ printf "%c%s", $1, NR % 80 ? "" : "\n" }' > screen.txt
      cat screen.txt
      grep "^  >  2  nixos             generation 2  26.05.2 .*(sda4) *$" screen.txt
      grep "^  l  log                i  information             b  reboot   p  power off *$" screen.txt
      mkdir "$out/pictures"
      cp menu.png "$out/pictures"
    '';
  };
}
