# What is to be said of an entry of systems.nix: "ok: …", "refused: …" or "FAIL: …".
(.refused | map(gsub("\\s+"; " ") | rtrimstr(" "))) as $refused
| ($refused | join(" | ")) as $said
| .want as $want
| if .want == null and ($refused | length) > 0 then "FAIL: refused: \($said)"
  elif .warned != null and (.warnings | length) != 1 then "FAIL: found \(.warnings | length) warnings, want one: \(.warnings | join(" | "))"
  elif .warned != null and (.warned as $warned | .warnings[0] | contains($warned) | not) then "FAIL: warns: \(.warnings[0])"
  elif .warned != null then "ok: warns: \(.warnings[0])"
  elif .want == null and (.warnings | length) > 0 then "FAIL: warns: \(.warnings | join(" | "))"
  elif .want == null and (.fits | not) then "refused: systemd is too new for its kernel; all else evaluates"
  elif .want == null then "ok: "
  elif ($refused | length) == 0 then "FAIL: is not refused, want \"\($want)\""
  elif ($refused | length) > 1 then "FAIL: refused for more than one reason: \($said)"
  elif ($said | contains($want) | not) then "FAIL: found \"\($said)\", want \"\($want)\""
  else "refused: \($said)"
  end
