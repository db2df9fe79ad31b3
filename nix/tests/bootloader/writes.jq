# Of the shell's files, each {name, first, source, tree} with shfmt's syntax tree of the
# source: lines
#
#   to "$run/NAME"           a file of the bootloader's own, which nobody is shown as it is
#   WHERE: COMMAND           what is called, and is known neither to write to its output
#                            only nor as a function that is listed here itself; outside
#                            of functions, and in a file that is first, any
#   WHERE: COMMAND >TARGET   what else is written to; COMMAND is "..." for several
#   WHERE: NAME=VALUE        what gives a value to a name that paths begin with
#   NAME twice               a function that hides another
#   NAME hides a program     a function that is called like what is taken to be a program
#   NAME is { … }            of those that clean, and of those that write what is clean,
#                            the whole
#
# WHERE is the function, or the file outside of any.

# They write to their output only, whatever their arguments. (Of sed, awk, sort, read and
# set, which changes what "$1" is, that depends: see only_reads.)
def reads: IN(":", "[", "break", "cat", "cmp", "continue", "cut", "echo", "exit", "false", "fold", "grep", "head",
  "hexdump", "od", "printf", "readlink", "return", "sha256sum", "sleep", "stat", "sync", "tail", "tr",
  "uname", "wait", "wc");

# Of the bootloader's own functions, those that write to a console, or run or write to
# what they are given. Whoever writes another has a line for it in the list, and adds it.
def passes_on: IN("control", "to_consoles", "note_lines", "show_file", "on_tty", "start_reader", "wait_for", "with_state",
  "stop_machine", "mount_if_missing", "mount_root", "mount_state", "crypt", "copy_sectors", "overwrite_moved", "write_header",
  "write_headers", "write_mark", "write_over", "written", "place_log", "in_its_place", "mend", "restore_header", "restore_head", "save_head",
  "forget_head", "outdate_head", "end_encryption", "begin_encryption", "finish_encryption", "repair", "mend_headers",
  "restore_by_copy", "restore_beginning", "restore_superblock", "check_ext4", "check_by_copy", "target");

# Whoever changes one of these has a look at what it lets through.
def cleans: IN("clean", "control", "filled", "note", "note_lines", "printable", "problem", "put_log", "say", "show", "to_consoles",
  "read_logs", "warn");

def begins_paths: IN("PATH", "console", "consoles", "dev", "key_tty", "lib", "log", "newroot", "old", "proc", "run",
  "shimboot", "state", "sys", "tty");

# A word that is the same at each run, or null.
def constant:
  [.Parts[] | if .Type == "DblQuoted" then .Parts[]? else . end]
  | if all(.Type == "SglQuoted" or .Type == "Lit" and (.Value | contains("\\") | not)) then map(.Value) | join("") else null end;

# Of a call, options (each with the one that its next word is of) and scripts: the words
# after -e, or else the first that is no option. Null where there is an option besides.
def scripts($options):
  reduce (.Args[1:][] | {value: constant}) as {$value} ({found: []};
    if . == null then null
    elif .next then (if .next == "-e" then .found += [$value] else . end) | .next = null
    elif $value // "" | startswith("-") then
      if $options | has($value) then .next = $options[$value] | .each |= (. or $value == "-e") else null end
    elif .each or .found != [] then .
    else .found = [$value] end)
  | .found?;
def only_prints($options; $opens): scripts($options) | . != null and all(. != null and (test($opens) | not));

def only_reads:
  .Args as $args
  | ($args[0] | constant) as $program
  | if $program == "sed" then only_prints({"-n": null, "-e": "-e"}; "(^|[^A-Za-z])[0-9gpIiMm]*[we]")
    elif $program == "awk" then only_prints({"-v": "-v"}; ">|[^|]\\|[^|]|system|getline")
    elif $program == "sort" then $args[1:] | all(constant | IN("-u", "-rn", "-k", "4"))
    elif $program == "set" then $args[1:] | all(constant // "--" | test("^[-+][a-z]+$"))
  elif $program == "read" then $args[1:] | all(constant | . != null and (begins_paths | not))
    else $program | reads end;

# (The last two become a log on STATE.)
def own_file: test("^[0-9]?>{1,2}\"\\$run/[a-z.-]+\"$") and (test("/(notices|info|log-tail)\"$") | not);
def no_file: test("^0?(<[^>&]|<<|<&[0-9]$)|^[0-9]?(>&[12-]|>{1,2}/dev/null)$");

# What a file, or a function of it, does: objects with where, and function for one that
# is defined, to for a file of the bootloader's own, text for all else; of calls that may
# be one of many with name and reads, too.
def walked($file; $where):
  def text: $file.source[.Pos.Offset:.End.Offset] | gsub("(\\\\\n|\\s)+"; " ");
  def called:
    {text: text} + if $where == $file.name or $file.first then {} else {name: (.Args[0] | constant), reads: only_reads} end
    | select(.text | test("^[.] \"\\$lib/[a-z0-9-]+[.]sh\"$") | not);
  def written:
    (.Cmd | if .Type? == "CallExpr" then text else "..." end) as $command
    | .Redirs[] | text | select(no_file | not)
    | if own_file then {to: sub("^[0-9]?>+"; "")} else {text: "\($command) \(.)"} end;
  def given_a_value:
    (.Name? // (select(text | test("^[$][{][A-Za-z_]+:?=")) | .Param)) | objects | .Value | begins_paths;
  if type == "array" then .[] | walked($file; $where)
  elif type != "object" then empty
  elif .Type? == "FuncDecl" then .Name.Value as $function | {$function, body: (.Body | text)}, (.Body | walked($file; $function))
  else
    ((select(.Type? == "CallExpr" and .Args) | called), (select(.Redirs?) | written),
      (select(.Pos? and given_a_value) | {text: text}) | .where = $where),
    (.[] | walked($file; $where))
  end;

[inputs as $file | $file.tree | walked($file; $file.name)]
| map(.function // empty) as $functions
| ($functions | group_by(.)[] | select(length > 1) | "\(.[0]) twice"),
  ($functions[] | select(reads or IN("awk", "read", "sed", "sort")) | "\(.) hides a program"),
  (.[] | select(.function // "" | cleans) | "\(.function) is \(.body)"),
  (map(
    if .function or .name != null and (.reads or (.name | IN($functions[]) and (passes_on | not))) then empty
    elif .to then "to \(.to)"
    else "\(.where): \(.text)" end)
  | (map(select(test("^to "))) | unique[]), (.[] | select(test("^to ") | not)))
