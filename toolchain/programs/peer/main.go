// Command peer is both ends of the traffic on a data plane: a server that echoes, the
// clients that try it, a pod that only waits, and the relay that leads from a network
// namespace to an address outside of it. It runs on Linux.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

const targets = `TARGET is tcp:HOST:PORT, udp:HOST:PORT, http:HOST:PORT[/PATH] or dns:NAME@SERVER[:PORT]/udp|tcp;
stream knows the first two. HOST is an address or, for probe with --dns, a full name.`

// command ends when its context does, which is on SIGTERM or SIGINT.
type command struct {
	name, arguments string
	run             func(context.Context, []string) error
}

var commands = []command{
	{"pause", "", pause},
	{"serve", "[--http PORT]... [--tcp PORT]... [--udp PORT]... [--name NAME]", serve},
	{"probe", "[--timeout 1s] [--parallel 64] [--dns SERVER[:PORT]] [--header NAME:VALUE]... TARGET...", probe},
	{"stream", "[--every 10ms] [--for 10s] [--timeout 1s] TARGET", stream},
	{"relay", "--listen ADDRESS:PORT --to ADDRESS:PORT [--listen-namespace FILE]", relay},
}

// badArguments is a mistake of the caller: it ends with exit code 2, all others with 1.
type badArguments struct{ error }

func main() {
	name, arguments := "", []string{}
	if len(os.Args) > 1 {
		name, arguments = os.Args[1], os.Args[2:]
	}
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, name) {
		fmt.Printf("%s%s\n", usage(commands), targets)
		return
	}
	at := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if at < 0 {
		fmt.Fprintf(os.Stderr, "peer: Unknown command %q\n%s", name, usage(commands))
		os.Exit(2)
	}

	running, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	err := commands[at].run(running, arguments)
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		fmt.Printf("%s%s\n", usage(commands[at:at+1]), targets)
	case errors.As(err, new(badArguments)):
		fmt.Fprintf(os.Stderr, "peer %s: %v\n%s", name, err, usage(commands[at:at+1]))
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "peer %s: %v\n", name, err)
		os.Exit(1)
	}
}

func usage(of []command) string {
	lines := ""
	for _, c := range of {
		lines += fmt.Sprintf("usage: peer %s %s\n", c.name, c.arguments)
	}
	return lines
}

// newFlags is a set of flags that leaves complaints to main.
func newFlags() *flag.FlagSet {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	return flags
}

// parse reads the flags and holds the number of what follows them between two bounds.
func parse(flags *flag.FlagSet, arguments []string, atLeast, atMost int) error {
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return badArguments{fmt.Errorf("Bad arguments: %w", err)}
	}
	switch n := flags.NArg(); {
	case n < atLeast:
		return badArguments{errors.New("No target is given")}
	case n > atMost:
		return badArguments{fmt.Errorf("Unexpected argument %q: flags stand before all others", flags.Arg(atMost))}
	}
	return nil
}

// printJSON writes one object per line.
func printJSON(object any) {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(object)
}
