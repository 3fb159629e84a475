# Kills all processes of the container with the id $1, and prints their numbers.
for group in /proc/[0-9]*/cgroup; do
    if grep -q "$1" "$group" 2>/dev/null; then
        process=${group#/proc/}
        process=${process%/cgroup}
        kill -9 "$process" && echo "$process"
    fi
done
