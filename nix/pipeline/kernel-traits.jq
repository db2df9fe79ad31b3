# A kernel.json against what a configuration expects of it ($expected, see
# kernel-check.nix): prints where it is another kernel, with the line to set, and fails
# where the configuration relies on more than there is. Bad is the answer that takes away.
def differing($kind; $option; $words; $bad):
  . as $found | $expected[0][$kind] | to_entries[]
  | .key as $name | .value as $ours
  | ($found[$kind][$name] // error("kern-unpack tells nothing of \($name)")) as $theirs
  | ({yes: true, no: false}[$theirs.answer]) as $has
  | select($has != null and $has != $ours)
  | {
      relied: (($name | IN($expected[0].relied[])) and $ours != null and $has == $bad),
      text: "the shim\u0027s kernel \($words[$theirs.answer]) \($name) (\($theirs.evidence)): set shimboot.\($option).\($name) = \($has);"
    };

[
  differing("abilities"; "kernelAbilities"; {yes: "has", no: "lacks"}; false),
  differing("rules"; "kernelRules"; {yes: "refuses", no: "does not refuse"}; true)
]
| if any(.relied) then [.[] | select(.relied) | "\($board): \(.text)\n"] | join("") | halt_error(2)
  else .[] | "\($board): \(.text)" end
