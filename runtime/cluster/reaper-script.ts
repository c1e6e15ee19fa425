/**
 * The program of the reaper: a shell that outlives its cluster by the moment it takes to kill what the cluster ran. It promises
 * that of the watched trees nothing is left soon after its input ended; it never touches any other process.
 *
 * POSIX sh, because a shell starts at once, costs a megabyte, and is there wherever tasks run.
 *
 * It reads lines `watch KEY MARK`, `TERM KEY`, `KILL KEY` and `end KEY`. KEY is the pid of a process that leads its own session, or
 * any word. MARK is text that the environment of the tree holds and no other does (`-`: none); where /proc shows environments, it
 * finds daemons that left their session and lost their parent. `end` kills what is left, forgets it, and answers `ended KEY`.
 */
export const reaperScript = String.raw`
trap '' HUP INT TERM PIPE
keys=
newline='
'

# Of every process: pid, parent, group, session, state.
processes() {
  if [ -r /proc/self/stat ]; then
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/(.*)/-/' | awk '{ print $1, $4, $5, $6, $3 }'
  else
    ps -A -o pid=,ppid=,pgid=,stat= | awk '{ print $1, $2, $3, $3, $4 }'
  fi
}

# The living processes of the trees with these keys; a + before each that is not stopped.
trees() {
  marks=
  for key do
    eval "mark=\$mark_$key"
    case $mark in
      - | '') ;;
      *) if [ -n "$marks" ]; then marks=$marks$newline$mark; else marks=$mark; fi ;;
    esac
  done
  marked=
  if [ -n "$marks" ] && [ -r /proc/self/environ ]; then
    marked=$(grep -lsF -e "$marks" /proc/[0-9]*/environ | tr -cs 0-9 ' ')
  fi
  processes | awk -v self=$$ -v leaders="$* $marked" '
    BEGIN { count = split(leaders, leader, " "); for (i = 1; i <= count; i++) leads[leader[i]] }
    $5 !~ /^[ZXx]/ && $1 != self {
      parent[$1] = $2
      awake[$1] = $5 ~ /^[Tt]/ ? "" : "+"
      if ($1 in leads || $3 in leads || $4 in leads) found[$1]
    }
    END {
      do {
        more = 0
        for (pid in parent) if (!(pid in found) && parent[pid] in found) { found[pid]; more = 1 }
      } while (more)
      for (pid in found) printf "%s%s ", awake[pid], pid
    }'
}

# Stops all of the trees before it kills any of them, so that nothing is born unseen.
fell() {
  tries=0
  while [ $tries -lt 60 ]; do
    all=$(trees "$@")
    [ -n "$all" ] || break
    tries=$((tries + 1))
    pids=$(echo "$all" | tr -d +)
    case $tries:$all in
      ?:*+* | 1?:*+*) kill -STOP $pids ;;
      *) kill -KILL $pids ;;
    esac
    # Some process is in the hands of its kernel.
    if [ $tries -gt 20 ]; then sleep 1; fi
  done 2>/dev/null
}

while read -r verb key mark; do
  case $verb in
    watch) eval "mark_$key=\$mark"; keys="$keys $key" ;;
    TERM) pids=$(trees "$key" | tr -d +); [ -z "$pids" ] || kill -TERM $pids 2>/dev/null ;;
    KILL) fell "$key" ;;
    end)
      fell "$key"
      rest=
      for other in $keys; do [ "$other" = "$key" ] || rest="$rest $other"; done
      keys=$rest
      unset "mark_$key"
      echo "ended $key"
      ;;
  esac
done
[ -z "$keys" ] || fell $keys
exit 0
`;
