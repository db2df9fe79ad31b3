# Go at a pinned version from the Go module proxy (Debian 12's own is too old,
# but serves to fetch it), and nixpkgs' buildGoModule: the same arguments, the
# same vendorHash.
{ lib, runCommand }:
let
  version = "1.26.7";

  # Fixed-output derivations may use the network; these come from the caller.
  impureEnvVars = [
    "GOPROXY"
    "GONOSUMDB"
    "GOSUMDB"
    "http_proxy"
    "https_proxy"
    "no_proxy"
  ];
  fixedOutput = hash: {
    outputHashMode = "recursive";
    outputHashAlgo = "sha256";
    outputHash = hash;
    SSL_CERT_FILE = "/etc/ssl/certs/ca-certificates.crt";
    inherit impureEnvVars;
  };

  go =
    runCommand "go-${version}"
      (fixedOutput "sha256-6YChiUl8Jz9QkRbYPoNhHuerbwLUuycFOL539nibDaA=" // { inherit version; })
      ''
        export GOPATH=$TMPDIR/go GOCACHE=$TMPDIR/cache GOTOOLCHAIN=local GOFLAGS=-modcacherw
        export PATH=$PATH:/usr/local/go/bin:/usr/bin
        toolchain=golang.org/toolchain@v0.0.1-go$version.linux-amd64
        go mod download "$toolchain"
        mkdir -p "$out/share" "$out/bin"
        cp -r "$GOPATH/pkg/mod/$toolchain" "$out/share/go"
        chmod -R u+w "$out"
        # A module archive keeps no execute bits.
        find "$out/share/go/bin" "$out/share/go/pkg/tool" -type f -exec chmod 755 {} +
        ln -s ../share/go/bin/go ../share/go/bin/gofmt "$out/bin"
      '';

  buildGoModule =
    {
      pname,
      version,
      src,
      vendorHash,
      subPackages ? [ "." ],
      ldflags ? [ ],
      env ? { },
      nativeBuildInputs ? [ ],
      doCheck ? true,
      meta ? { },
    }:
    let
      packages = lib.concatMapStringsSep " " (p: "./${p}") subPackages;
      goModules = runCommand "${pname}-${version}-go-modules" (
        fixedOutput vendorHash // { nativeBuildInputs = [ go ]; }
      ) ''
        export GOPATH=$TMPDIR/go GOCACHE=$TMPDIR/cache GOTOOLCHAIN=local
        cp -r ${src} source && chmod -R u+w source && cd source
        go mod vendor
        mkdir -p vendor
        cp -r vendor "$out"
      '';
    in
    runCommand "${pname}-${version}" (
      env
      // {
        nativeBuildInputs = [ go ] ++ nativeBuildInputs;
        passthru = { inherit goModules; };
        inherit meta;
      }
    ) ''
      export GOPATH=$TMPDIR/go GOCACHE=$TMPDIR/cache GOTOOLCHAIN=local
      export GOFLAGS='-mod=vendor -trimpath' GOBIN=$out/bin GOPROXY=off
      cp -r ${src} source && chmod -R u+w source && cd source
      cp -r ${goModules} vendor
      go install -buildvcs=false -ldflags ${lib.escapeShellArg (toString ldflags)} ${packages}
      ${lib.optionalString doCheck "go test ${packages}"}
    '';
in
{
  inherit go buildGoModule;
}
