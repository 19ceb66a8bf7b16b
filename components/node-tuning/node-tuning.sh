#!/bin/sh
# Sets sysctls on a node, or gives them back: node-tuning.sh apply|restore [key=value ...]
#
# The first value found is recorded before the first write, so that it can return; a key that is no
# longer wanted returns, too. The wanted values also go to sysctl.d, for the next boot.
set -eu

proc_sys=${PROC_SYS:-/proc/sys}
records=${RECORDS:-/host/var/lib/cluster-network/sysctl}
sysctl_d=${SYSCTL_D:-/host/etc/sysctl.d}
# After the distribution's files, systemd-sysctl reads them in this order.
persisted=$sysctl_d/99-zz-cluster-network.conf

log() { echo "node-tuning: $*"; }
path_of() { echo "$proc_sys/$(echo "$1" | tr . /)"; }

# A file appears whole or not at all.
write_file() {
  cat >"$1.new"
  mv "$1.new" "$1"
}

set_key() {
  key=$1 value=$2 path=$(path_of "$1")
  if [ ! -e "$path" ]; then
    log "$key does not exist on this kernel (is its module loaded?), left out"
    return 0
  fi
  found=$(cat "$path")
  [ -e "$records/$key" ] || echo "$found" | write_file "$records/$key"
  [ "$found" = "$value" ] && return 0
  echo "$value" >"$path"
  now=$(cat "$path")
  if [ "$now" != "$value" ]; then
    log "$key is $now after writing $value"
    return 1
  fi
  log "$key: $found -> $value"
}

give_back() {
  key=$1 path=$(path_of "$1") before=$(cat "$records/$1")
  if [ -e "$path" ] && [ "$(cat "$path")" != "$before" ]; then
    log "$key: $(cat "$path") -> $before (as it was found)"
    echo "$before" >"$path"
  fi
  rm -f "$records/$key"
}

wanted() {
  for pair in $pairs; do
    [ "${pair%%=*}" = "$1" ] && return 0
  done
  return 1
}

give_back_unwanted() {
  for record in "$records"/*; do
    [ -e "$record" ] || continue
    key=${record##*/}
    case $key in *.new) rm -f "$record" && continue ;; esac
    wanted "$key" || give_back "$key"
  done
}

mode=${1:-}
[ $# -gt 0 ] && shift
case $mode in
apply)
  pairs=$*
  mkdir -p "$records" "$sysctl_d"
  # Reading a conntrack key loads nothing: without the module the key is absent.
  modprobe nf_conntrack 2>/dev/null || true
  for pair in $pairs; do set_key "${pair%%=*}" "${pair#*=}"; done
  give_back_unwanted
  for pair in $pairs; do echo "${pair%%=*} = ${pair#*=}"; done | write_file "$persisted"
  ;;
restore)
  pairs=
  rm -f "$persisted"
  give_back_unwanted
  ;;
*)
  echo "usage: node-tuning.sh apply|restore [key=value ...]" >&2
  exit 2
  ;;
esac
log "$mode done"
