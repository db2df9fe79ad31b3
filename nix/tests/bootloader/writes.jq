# Of a shell's syntax tree ($tree, with its $source), from the file $name: lines
#
#   function NAME            one that is defined
#   program NAME             called with arguments that it reads
#   to "$run/NAME"           a file of the bootloader's own, which nobody is shown as it is
#   WHERE: COMMAND           one that may write to what its arguments name, runs what they
#                            name, or has a name that is no constant; with $first, and
#                            outside of functions, any
#   WHERE: NAME=VALUE        of the names that paths begin with
#   WHERE: COMMAND >TARGET   what else is written to; COMMAND is "..." for several
#
# WHERE is the function, or the file outside of any.

# text: of a node, on one line.
def text: $source[.Pos.Offset:.End.Offset] | gsub("(\\\\\n|\\s)+"; " ");
def call: .Args[0] | text;

# A script for sed or awk that can only print: a constant, without what opens a file or
# starts a program.
def only_prints($opens):
  (.Args[1:] | all(text | test("^(-[A-Za-z]*[if]|--)") | not)) and
  ([.Args[1:][] | select(text | test("^(-|[a-z]+=)") | not)][0]
    | .Parts | length == 1 and (.[0].Type | IN("SglQuoted", "Lit")))
  and (.Args[1:] | all(.Parts[0].Type != "SglQuoted" or (text | test($opens) | not)));

def may_write:
  text as $text
  | call as $call
  | if $call == "sed" then only_prints("(^|[^a-z])[0-9gpIiMm]*w|[0-9gp}/;'|]e") | not
    elif $call == "awk" then only_prints(">|[^|]\\|[^|]|system|getline") | not
    elif $call == "sort" then $text | test(" -[A-Za-z]*o|--")
    else
      $call | IN("dd", "mv", "ln", "cp", "tee", "mknod", "truncate", "split", "script", "logger", "install", "mount",
        "sh", "env", "exec", "eval", "trap", "command", "setsid", "chroot", "busybox", "xargs", "find", "nohup",
        "control", "to_consoles", "show_file", "on_tty", "with_state", "wait_for", "start_reader", "write_over", "write_mark",
        "write_header", "copy_sectors")
    end;

def calls($where):
  if text | test("^[.] \"\\$lib/[a-z0-9-]+[.]sh\"$") then empty
  elif $first or ($where | test("^main$|[.]sh$")) or may_write or (call | test("^[A-Za-z0-9_:\\[-]+$") | not) then "\($where): \(text)"
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
    (if .Type? == "CallExpr" then .Assigns[]? | text | select(test("^(log|run|dev|state|lib|consoles?|key_tty)=")) | "\($where): \(.)" else empty end),
    (if .Redirs? then written($where) else empty end),
    (if .Type? == "FuncDecl" then .Name.Value as $function | "function \($function)", (.Body | walked($function))
     else .[] | walked($where) end)
  else empty end;

$tree[0] | walked($name)
