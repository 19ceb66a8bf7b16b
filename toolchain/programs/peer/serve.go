package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

// ports is a flag that may be given several times.
type ports []uint16

func (p *ports) String() string { return fmt.Sprint(*p) }

func (p *ports) Set(text string) error {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return errors.New("a port is a number from 0 to 65535")
	}
	*p = append(*p, uint16(port))
	return nil
}

// serve answers HTTP with its name and echoes what it gets by TCP and UDP, on all
// addresses of both families. It prints "listening http 8080" for each port; for port
// 0, the kernel chooses one.
func serve(running context.Context, arguments []string) error {
	var overHTTP, overTCP, overUDP ports
	hostname, _ := os.Hostname()
	flags := newFlags()
	flags.Var(&overHTTP, "http", "port")
	flags.Var(&overTCP, "tcp", "port")
	flags.Var(&overUDP, "udp", "port")
	name := flags.String("name", hostname, "what HTTP answers")
	if err := parse(flags, arguments, 0, 0); err != nil {
		return err
	}
	if len(overHTTP)+len(overTCP)+len(overUDP) == 0 {
		return badArguments{errors.New("Nothing to serve: give --http, --tcp or --udp")}
	}

	failed := make(chan error)
	for _, port := range overHTTP {
		listener, err := net.Listen("tcp", anyAddress(port))
		if err != nil {
			return explainListen("http", port, err)
		}
		announce("http", listener.Addr())
		go func() { failed <- http.Serve(listener, answerName(*name)) }()
	}
	for _, port := range overTCP {
		listener, err := net.Listen("tcp", anyAddress(port))
		if err != nil {
			return explainListen("tcp", port, err)
		}
		announce("tcp", listener.Addr())
		go func() { failed <- echoConnections(listener) }()
	}
	for _, port := range overUDP {
		socket, err := net.ListenPacket("udp", anyAddress(port))
		if err != nil {
			return explainListen("udp", port, err)
		}
		announce("udp", socket.LocalAddr())
		go func() { failed <- echoDatagrams(socket) }()
	}
	select {
	case err := <-failed:
		return err
	case <-running.Done():
		return nil
	}
}

func answerName(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, name) })
}

// echoConnections returns each byte as soon as it is there, so each line, too.
func echoConnections(listener net.Listener) error {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer connection.Close()
			_, _ = io.Copy(connection, connection)
		}()
	}
}

func echoDatagrams(socket net.PacketConn) error {
	datagram := make([]byte, 65535)
	for {
		length, from, err := socket.ReadFrom(datagram)
		if err != nil {
			return err
		}
		// One that cannot be answered is lost to its sender only.
		_, _ = socket.WriteTo(datagram[:length], from)
	}
}

func anyAddress(port uint16) string { return ":" + strconv.Itoa(int(port)) }

func announce(kind string, address net.Addr) {
	_, port, _ := net.SplitHostPort(address.String())
	fmt.Printf("listening %s %s\n", kind, port)
}

func explainListen(kind string, port uint16, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("Port %d for %s is in use: end the other program, or choose another port", port, kind)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("Port %d for %s is reserved for root: choose one from 1024 on", port, kind)
	}
	return fmt.Errorf("Cannot listen on port %d for %s: %w", port, kind, err)
}
