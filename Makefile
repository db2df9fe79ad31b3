# Everything here runs on a plain Debian machine, as root; see README.md.

.PHONY: help demo boot test test-all lint unit fuzz test-bootloader checks eval eval-nixos nixos docs bench fmt

# Without a name nothing is installed or built.
help:
	@echo 'make demo    install what is needed, build the reference image, boot it'
	@echo 'make boot    boot it with this terminal as its console'
	@echo 'make test    everything that CI tests; test-all adds what takes too long for that'
	@echo 'make bench   how fast, against what it replaces'
	@echo 'README.md has the rest.'

# Install what is needed, build the reference image, boot it.
demo:
	nix/reference/demo

# Boot the reference image with this terminal as its console (^A X ends it).
boot:
	nix/stand-in/setup
	nix/stand-in/nix run .#boot

# Everything that can be tested.
test:
	nix/stand-in/setup
	nix/tests/run

# The same, and what takes too long for every change.
test-all: test
	nix/tests/run slow

# Parts of `test`; they want nix/stand-in/setup to have run.
lint:
	nix/tests/run lint
unit:
	nix/tests/run unit
fuzz:
	nix/tests/run fuzz
test-bootloader:
	nix/tests/run bootloader
checks:
	nix/tests/run checks

# The NixOS modules over stubs of NixOS' options, for every board: needs a
# folder with nixpkgs' lib, such as a checkout of nix-community/nixpkgs.lib.
eval:
	nix/tests/eval/run "$(NIXPKGS_LIB)"

# The modules and all outputs with a real nixpkgs (a checkout, 25.05 or later):
# evaluated; and systems of its modules over Debian's programs, built and played.
eval-nixos:
	nix/tests/nixos/eval "$(NIXPKGS)"
nixos:
	nix/tests/nixos/run "$(NIXPKGS)"

# Pages that are made from the code; the second needs NIXPKGS_LIB as well.
docs:
	nix/stand-in/nix eval --raw .#boardTable >docs/boards.md
	nix/stand-in/nix eval --raw .#kernelTable >docs/kernels.md
	nix/tests/eval/run --docs "$(NIXPKGS_LIB)"

# How fast, how large, against what it replaces: ratios, never a test.
bench:
	nix/stand-in/setup
	nix/tests/bench/kern-unpack
	nix/tests/bench/driver-harvest
	nix/tests/bench/gpt-pack
	nix/tests/bench/flash

fmt:
	gofmt -w tools
	nix/tests/lib/shell-files | xargs shfmt -i 2 -ci -w
