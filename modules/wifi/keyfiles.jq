# wifi-credentials.json to NetworkManager keyfiles, as jq -n -r --stream runs it:
# one object or a list of them becomes lines "NUMBER LINE", LINE one of the
# keyfile of entry NUMBER. Whatever is not understood is an error that names its
# entry.
#
#   { "ssid": "home", "psk": "secret", "hidden": true }
#   { "ssid": "work", "eap": "peap", "identity": "me", "password": "secret",
#     "phase2": "mschapv2", "anonymousIdentity": "x", "caCert": "/path", "domain": "example.org" }

def fail($where; $what): error("wifi-credentials.json: \($where): \($what)");

# What the file says, in a message: that reaches terminals.
def shown: tojson | .[:60] | explode | map(if . >= 32 and . < 127 then . else 63 end) | implode;

# Text as a keyfile has it. GKeyFile knows these escapes, and trims a value in
# front.
def escaped:
  [explode[] | { "9": "\\t", "10": "\\n", "13": "\\r", "92": "\\\\" }["\(.)"] // ([.] | implode)]
  | if .[0] == " " then .[0] = "\\s" else . end
  | join("");

# An SSID is bytes. NetworkManager reads "104;105;" as a list of them, whatever
# signs they stand for.
def bytes: [@uri | scan("%[0-9A-F]{2}|[^%]") |
  if length == 3 then
    [.[1:3] | explode[] | if . >= 65 then . - 55 else . - 48 end] | .[0] * 16 + .[1]
  else explode[0] end];

def fields: {
  ssid: "string", psk: "string", hidden: "boolean", eap: "string", identity: "string", password: "string",
  phase2: "string", anonymousIdentity: "string", caCert: "string", domain: "string"
};

# What NetworkManager knows of 802.1X (nm-settings-nmcli(5), 802-1x.eap and
# .phase2-auth) and can do with these fields: the others want a certificate and
# a key of the machine's own.
def methods: ["fast", "leap", "md5", "peap", "pwd", "ttls"];
def inner_methods: ["chap", "gtc", "md5", "mschap", "mschapv2", "otp", "pap"];

def among($list): . as $it | any($list[]; . == $it);

def one_of($where; $key; $list):
  if .[$key] == null or (.[$key] | among($list)) then .
  else fail($where; "\"\($key)\" is \(.[$key] | shown), want one of \($list | join(", "))") end;

# What no field can hold: GKeyFile has no escape for the last.
def text($where; $key):
  if length == 0 then fail($where; "\"\($key)\" is empty")
  elif explode | index(0) != null then fail($where; "\"\($key)\" has a NUL in it")
  elif explode | index(65533) != null then fail($where; "\"\($key)\" is no UTF-8")
  elif $key != "ssid" and explode[0] == 12 then fail($where; "\"\($key)\" begins with a form feed")
  else . end;

# Each field by itself.
def checked_fields($where):
  . as $entry
  | if type != "object" then fail($where; "found \(type), want an object with \"ssid\"") else . end
  | reduce keys_unsorted[] as $key (.;
      if fields[$key] == null then fail($where; "unknown field \($key | shown); known are \(fields | keys | join(", "))")
      elif ($entry[$key] | type) != fields[$key] then fail($where; "\"\($key)\" is a \($entry[$key] | type), want a \(fields[$key])")
      elif fields[$key] == "string" then .[$key] |= text($where; $key)
      else . end)
  | if .ssid == null then fail($where; "no \"ssid\"") else . end
  | (.ssid | bytes | length) as $length
  | if $length > 32 then fail($where; "an SSID of \($length) bytes, want 1 to 32") else . end
  | if .psk != null and (.psk | test("\\A([ -~]{8,63}|[0-9A-Fa-f]{64})\\z") | not) then
      fail($where; "\"psk\" wants 8 to 63 ASCII characters, or 64 hexadecimal digits")
    else . end
  | one_of($where; "eap"; methods)
  | one_of($where; "phase2"; inner_methods)
  | if .caCert != null and (.caCert | startswith("/") | not) then
      fail($where; "\"caCert\" is \(.caCert | shown), want a path that begins with /")
    else . end;

# What NetworkManager would leave out without a word.
def checked($where):
  checked_fields($where)
  | if .psk != null and .eap != null then fail($where; "both \"psk\" and \"eap\"") else . end
  | if .eap != null and .identity == null then fail($where; "\"eap\" without \"identity\"") else . end
  | if .eap == null and (.identity // .password // .phase2 // .anonymousIdentity // .caCert // .domain) != null then
      fail($where; "\"identity\", \"password\" and the like go with \"eap\"")
    else . end
  | if (.eap == "peap" or .eap == "ttls") and .phase2 == null then fail($where; "\"eap\" is \(.eap | shown), which wants \"phase2\"")
    elif .phase2 != null and (.eap | among(["peap", "ttls", "fast"]) | not) then
      fail($where; "\"phase2\" goes with peap, ttls and fast")
    else . end;

# section NAME: lines "key=value" for what is not null.
def section($name; $values):
  ["[\($name)]"] + [$values | to_entries[] | select(.value != null) | "\(.key)=\(.value | escaped)"] + [""];

# The id is a name for people, in lists of networks.
def keyfile:
  section("connection"; {
    id: (.ssid | explode | map(if . < 32 or (. >= 127 and . < 160) then 63 else . end) | implode),
    type: "wifi"
  })
  + section("wifi"; { ssid: (.ssid | bytes | map("\(.);") | join("")), hidden: (if .hidden then "true" else null end) })
  + (if .psk != null then
      section("wifi-security"; { "key-mgmt": "wpa-psk", psk })
    elif .eap != null then
      section("wifi-security"; { "key-mgmt": "wpa-eap" })
      + section("802-1x"; {
        eap: "\(.eap);", identity, password, "phase2-auth": .phase2, "anonymous-identity": .anonymousIdentity,
        "ca-cert": (if .caCert == null then null else "file://\(.caCert)" end), "domain-suffix-match": .domain
      })
    else [] end);

# The whole file as jq --stream has it: no deeper than it goes, and with both of
# two fields of one name, of which jq would take the last.
def events: [inputs | if .[0] | length > 2 then fail("within an entry"; "a list or an object, want text, true or false") else . end];

def no_field_twice:
  [.[] | select(length == 2)[0]] | sort as $paths
  | range(1; $paths | length) as $i
  | select($paths[$i][:($paths[$i - 1] | length)] == $paths[$i - 1])
  | fail("entry \($paths[$i][0] | if type == "number" then . + 1 else 1 end)"; "\($paths[$i - 1][-1] | shown) stands there twice");

def document:
  [fromstream(.[])]
  | if length == 0 then fail("an empty file"; "want an object or a list; [] takes all networks away")
    elif length > 1 then fail("\(length) documents"; "want one; several networks are a list: [ { }, { } ]")
    else .[0] end;

events
| document as $document
| if $document | type == "object" or type == "array" then no_field_twice else empty end,
  ($document | if type == "array" then . else [.] end | to_entries[] | (.key + 1) as $number
    | .value | checked("entry \($number)") | keyfile[] | "\($number) \(.)")
