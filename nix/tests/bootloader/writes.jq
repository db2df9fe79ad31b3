# Of a shell's syntax tree ($tree, with its $source), from the file $name: lines
#
#   function NAME            one that is defined
#   program NAME             called with arguments that it reads
#   to "$run/NAME"           a file of the bootloader's own, which nobody is shown as it is
#   WHERE: COMMAND           one that may write to what its arguments name, runs what they
#                            name, or has a name that is no constant; with $first, any
#   WHERE: COMMAND >TARGET   what else is written to; COMMAND is "..." for several
#
# WHERE is the function, or the file outside of any.

# text: of a node, on one line.
def text: $source[.Pos.Offset:.End.Offset] | gsub("(\\\\\n|\\s)+"; " ");
def call: .Args[0] | text;

def may_write:
  text as $text
  | {
      sed: " -[A-Za-z]*i|[0-9/;]w ",
      sort: " -[A-Za-z]*o",
      # (What is compared, and printed, is in this list too.)
      awk: "print[^;}]*>|print[^;}]*[^|]\\|[^|]|system *\\(|getline"
    }[call] as $options
  | if $options then $text | test($options)
    else
      call | IN("dd", "mv", "ln", "cp", "tee", "mknod", "truncate", "split", "script", "logger", "install",
        "sh", "env", "exec", "eval", "trap", "command", "setsid", "chroot", "busybox", "xargs", "find", "nohup",
        "control", "to_consoles", "show_file", "on_tty")
    end;

def calls($where):
  if call == "." and ($where == "all.sh") then empty
  elif $first or may_write or (call | test("^[A-Za-z0-9_:\\[-]+$") | not) then "\($where): \(text)"
  else "program \(call)" end;

def own: test("^[0-9]?>{1,2}\"\\$run/[a-z.-]+\"$") and (test("/(notices|info)\"$") | not);
def no_file: test("^[0-9]?(<[^>]|<<|<&[0-9]$|>&[12-]$|>{1,2}/dev/null$)");

def written($where):
  (.Cmd | if .Type? == "CallExpr" then text else "..." end) as $command
  | .Redirs[]
  | text
  | if no_file then empty elif own then "to " + sub("^[0-9]?>+"; "") else "\($where): \($command) \(.)" end;

def walked($where):
  if type == "array" then .[] | walked($where)
  elif type == "object" then
    (if .Type? == "CallExpr" and .Args then calls($where) else empty end),
    (if .Redirs? then written($where) else empty end),
    (if .Type? == "FuncDecl" then .Name.Value as $function | "function \($function)", (.Body | walked($function))
     else .[] | walked($where) end)
  else empty end;

$tree[0] | walked($name)
