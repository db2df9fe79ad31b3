# Of `nix derivation show --recursive`: what is made from a source that would have to
# be fetched, so that the overlay lacks it, and who of what can be made asks for it:
# lines "NAME for NAME, NAME". $there has a list of paths that are in the store.
(to_entries | map({
  key,
  name: .value.name,
  inputs: (.value.inputDrvs | keys),
  # Not what lies in the store already, nor nixpkgs' empty directory.
  fetched: (.value.outputs.out.hash != null and .value.env.message == null and .value.name != "empty-directory" and
    (.value.outputs.out.path as $path | $there[0] | index($path // "") | not))
})) as $all
| ($all | map(select(.fetched) | {(.key): true}) | add // {}) as $sources
| ($all | map(select(.fetched | not) | select(any(.inputs[]; $sources[.])) | {(.key): true}) | add // {}) as $lacking
| $all[]
| select($lacking[.key] or .fetched)
| .key as $key
| [$all[] | select($lacking[.key] | not) | select(any(.inputs[]; . == $key)) | .name] as $asking
| select($asking != [])
| "\(.name) for \($asking | unique | join(", "))"
