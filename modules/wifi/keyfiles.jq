# wifi-credentials.json to NetworkManager keyfiles: one object or a list of them
# becomes a list of { file, text }. Whatever is not understood is an error that
# names its entry.
#
#   { "ssid": "home", "psk": "secret", "hidden": true }
#   { "ssid": "work", "eap": "peap", "identity": "me", "password": "secret",
#     "phase2": "mschapv2", "anonymousIdentity": "x", "caCert": "/path", "domain": "example.org" }

def fail($where; $what): error("wifi-credentials.json: \($where): \($what)");

# GKeyFile's escapes; only a blank in front has to be one.
def escaped:
  gsub("\\\\"; "\\\\") | gsub("\n"; "\\n") | gsub("\t"; "\\t") | gsub("\r"; "\\r") | sub("^ "; "\\s");

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

def checked($where):
  . as $entry
  | if type != "object" then fail($where; "found \(type), want an object with \"ssid\"") else . end
  | reduce keys_unsorted[] as $key (.;
      if fields[$key] == null then fail($where; "unknown field \"\($key)\"; known are \(fields | keys | join(", "))")
      elif ($entry[$key] | type) != fields[$key] then fail($where; "\"\($key)\" is a \($entry[$key] | type), want a \(fields[$key])")
      else . end)
  | if .ssid == null then fail($where; "no \"ssid\"") else . end
  | (.ssid | bytes | length) as $length
  | if $length < 1 or $length > 32 then fail($where; "an SSID of \($length) bytes, want 1 to 32") else . end
  | if .psk != null and .eap != null then fail($where; "both \"psk\" and \"eap\"") else . end
  | if .psk != null and (.psk | test("\\A([ -~]{8,63}|[0-9A-Fa-f]{64})\\z") | not) then
      fail($where; "\"psk\" wants 8 to 63 ASCII characters, or 64 hexadecimal digits")
    else . end
  | if .eap != null and .identity == null then fail($where; "\"eap\" without \"identity\"") else . end
  | if .eap == null and (.identity // .password // .phase2 // .anonymousIdentity // .caCert // .domain) != null then
      fail($where; "\"identity\", \"password\" and the like go with \"eap\"")
    else . end;

# section NAME: lines "key=value" for what is not null.
def section($name; $values):
  ["[\($name)]"] + [$values | to_entries[] | select(.value != null) | "\(.key)=\(.value)"] + [""];

def optional: if . == null then null else escaped end;

def keyfile:
  section("connection"; { id: (.ssid | escaped), type: "wifi" })
  + section("wifi"; { ssid: (.ssid | bytes | map("\(.);") | join("")), hidden: (if .hidden then "true" else null end) })
  + (if .psk != null then
      section("wifi-security"; { "key-mgmt": "wpa-psk", psk: (.psk | escaped) })
    elif .eap != null then
      section("wifi-security"; { "key-mgmt": "wpa-eap" })
      + section("802-1x"; {
        eap: (.eap + ";"), identity: (.identity | escaped), password: (.password | optional),
        "phase2-auth": (.phase2 | optional), "anonymous-identity": (.anonymousIdentity | optional),
        "ca-cert": (.caCert | optional), "domain-suffix-match": (.domain | optional)
      })
    else [] end)
  | join("\n");

if type == "array" then . else [.] end
| to_entries
| map({
    file: "shimboot-\(.key + 1).nmconnection",
    text: ((.key + 1) as $number | .value | checked("entry \($number)") | keyfile)
  })
