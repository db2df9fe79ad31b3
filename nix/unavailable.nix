# An output that this package set cannot have: it has a name to show, and says
# why when it is built.
name: why: {
  type = "derivation";
  system = "x86_64-linux";
  inherit name;
  drvPath = throw "${name} ${why}";
  outPath = throw "${name} ${why}";
}
