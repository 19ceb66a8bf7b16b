package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// dialWithin is how long a relayed connection may take to be made.
const dialWithin = 10 * time.Second

// relay listens in one network namespace and connects from its own: a listener stays
// in the namespace in which it was opened, whoever uses it.
func relay(running context.Context, arguments []string) error {
	flags := newFlags()
	listen := flags.String("listen", "", "address and port")
	to := flags.String("to", "", "address and port")
	namespace := flags.String("listen-namespace", "", "file of the network namespace; the own one by default")
	if err := parse(flags, arguments, 0, 0); err != nil {
		return err
	}
	for _, given := range []struct{ flag, value string }{{"listen", *listen}, {"to", *to}} {
		if _, err := netip.ParseAddrPort(given.value); err != nil {
			return badArguments{fmt.Errorf("--%s %q is not ADDRESS:PORT", given.flag, given.value)}
		}
	}

	listener, err := listenIn(*namespace, *listen)
	if err != nil {
		return fmt.Errorf("Cannot listen on %s: %w", *listen, err)
	}
	fmt.Printf("listening %s\n", listener.Addr())
	failed := make(chan error, 1)
	go func() { failed <- relayAll(running, listener, *to) }()
	select {
	case err := <-failed:
		return err
	case <-running.Done():
		return nil
	}
}

// listenIn opens a listener in the namespace of a file.
func listenIn(namespace, address string) (net.Listener, error) {
	if namespace == "" {
		return net.Listen("tcp", address)
	}
	file, err := os.Open(namespace)
	if err != nil {
		return nil, err
	}
	defer file.Close()

	var listener net.Listener
	opened := make(chan error)
	go func() {
		// Never unlocked: the thread ends with this goroutine, so that no other one
		// runs on it and finds itself in the foreign namespace.
		runtime.LockOSThread()
		err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		if err != nil {
			err = fmt.Errorf("entering network namespace %s: %w", namespace, err)
		} else {
			listener, err = net.Listen("tcp", address)
		}
		opened <- err
	}()
	err = <-opened
	return listener, err
}

func relayAll(running context.Context, listener net.Listener, to string) error {
	for {
		accepted, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil {
			// Out of file descriptors, for one: connections that end give some back.
			fmt.Fprintln(os.Stderr, "peer relay:", err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		go relayOne(running, accepted.(*net.TCPConn), to)
	}
}

// relayOne passes bytes both ways until both sides have ended. The end of one side is
// passed on while the other goes on; a failure resets both.
func relayOne(running context.Context, accepted *net.TCPConn, to string) {
	defer accepted.Close()
	limited, cancel := context.WithTimeout(running, dialWithin)
	defer cancel()
	connection, err := dial(limited, "tcp", to)
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer relay:", err)
		_ = accepted.SetLinger(0)
		return
	}
	dialled := connection.(*net.TCPConn)
	defer dialled.Close()

	ended := make(chan struct{}, 2)
	pass := func(from, to *net.TCPConn) {
		if _, err := io.Copy(to, from); err != nil {
			for _, side := range []*net.TCPConn{from, to} {
				_ = side.SetLinger(0)
				side.Close()
			}
		} else {
			_ = to.CloseWrite()
		}
		ended <- struct{}{}
	}
	go pass(accepted, dialled)
	go pass(dialled, accepted)
	<-ended
	<-ended
}
