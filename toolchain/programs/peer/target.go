package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// target is what a client connects to.
type target struct {
	// text is what the caller wrote.
	text string
	// kind is tcp, udp, http or dns.
	kind string
	// host is an address or a name, port a number.
	host, port string
	// path of an HTTP request, empty if none is given, and its headers.
	path    string
	headers http.Header
	// name is what a DNS server is asked for, by transport udp or tcp.
	name, transport string
}

func parseTarget(text string) (target, error) {
	kind, rest, _ := strings.Cut(text, ":")
	t := target{text: text, kind: kind}
	var err error
	switch kind {
	case "tcp", "udp", "http":
		if slash := strings.Index(rest, "/"); kind == "http" && slash >= 0 {
			rest, t.path = rest[:slash], rest[slash:]
		}
		t.host, t.port, err = net.SplitHostPort(rest)
		if err == nil {
			err = checkPort(t.port)
		}
		if err == nil && t.host == "" {
			err = errors.New("no host is given")
		}
	case "dns":
		err = t.parseQuestion(rest)
	default:
		err = errors.New("it begins with none of tcp:, udp:, http:, dns:")
	}
	if err != nil {
		return t, fmt.Errorf("Target %q is not understood: %w", text, err)
	}
	return t, nil
}

// parseQuestion reads NAME@SERVER[:PORT]/udp|tcp.
func (t *target) parseQuestion(text string) (err error) {
	rest := ""
	t.name, rest, _ = strings.Cut(text, "@")
	server, transport, _ := strings.Cut(rest, "/")
	t.transport = transport
	if t.transport != "udp" && t.transport != "tcp" {
		return errors.New("a DNS target is NAME@SERVER/udp or NAME@SERVER/tcp")
	}
	if _, err = encodeQuestion(0, t.name); err != nil {
		return err
	}
	t.host, t.port, err = splitServer(server)
	return err
}

// splitServer reads ADDRESS[:PORT] of a DNS server.
func splitServer(text string) (host, port string, err error) {
	if host, port, err = net.SplitHostPort(text); err != nil {
		host, port = strings.Trim(text, "[]"), "53"
	}
	if _, err := netip.ParseAddr(host); err != nil {
		return "", "", fmt.Errorf("DNS server %q is not an address", host)
	}
	return host, port, checkPort(port)
}

func checkPort(text string) error {
	if port, err := strconv.ParseUint(text, 10, 16); err != nil || port == 0 {
		return fmt.Errorf("port %q is not a number from 1 to 65535", text)
	}
	return nil
}

// hasName is true when the target's host must be resolved.
func (t target) hasName() bool {
	_, err := netip.ParseAddr(t.host)
	return err != nil
}

// dial connects to a port of an address; names have no place here, so that the
// machine's own resolver is never asked.
func dial(running context.Context, network string, address string) (net.Conn, error) {
	if _, err := netip.ParseAddrPort(address); err != nil {
		return nil, err
	}
	var dialer net.Dialer
	return dialer.DialContext(running, network, address)
}

// outcomeOf says in one word how an attempt ended.
func outcomeOf(err error) string {
	var timed net.Error
	switch {
	case err == nil:
		return "open"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "unreachable"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return "timeout"
	}
	return "failed"
}
