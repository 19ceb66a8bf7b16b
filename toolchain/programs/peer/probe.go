package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"time"
)

// result is what probe prints of a target.
type result struct {
	Target       string  `json:"target"`
	Outcome      string  `json:"outcome"`
	Milliseconds float64 `json:"milliseconds"`
	// Answer is the body that HTTP gave with status 200, the addresses that DNS gave, or what UDP gave.
	Answer string `json:"answer,omitempty"`
	// Error is told when the outcome alone does not say what went wrong: any other status of
	// HTTP is one, though what answers is open.
	Error string `json:"error,omitempty"`
}

// probe tries all targets at once and prints, in their order, how each ended. What it
// finds is its output, not its exit code.
func probe(running context.Context, arguments []string) error {
	flags := newFlags()
	timeout := flags.Duration("timeout", time.Second, "for each target")
	parallel := flags.Int("parallel", 64, "targets tried at the same time")
	headers := http.Header{}
	flags.Func("header", "NAME:VALUE, sent with HTTP requests", func(text string) error {
		name, value, found := strings.Cut(text, ":")
		if !found || name == "" {
			return errors.New("give NAME:VALUE")
		}
		headers.Add(name, strings.TrimSpace(value))
		return nil
	})
	dns := flags.String("dns", "", "server that resolves the targets' names")
	if err := parse(flags, arguments, 1, math.MaxInt); err != nil {
		return err
	}
	resolver, err := parseResolver(*dns)
	if err != nil {
		return badArguments{err}
	}
	if *parallel < 1 || *timeout <= 0 {
		return badArguments{errors.New("--parallel and --timeout must be above 0")}
	}
	targets := make([]target, flags.NArg())
	for i, text := range flags.Args() {
		if targets[i], err = parseTarget(text); err != nil {
			return badArguments{err}
		}
		targets[i].headers = headers
		if targets[i].hasName() && resolver == "" {
			return badArguments{fmt.Errorf("Target %q has a name for a host: give an address, or --dns", text)}
		}
	}

	slots := make(chan struct{}, *parallel)
	results := make([]chan result, len(targets))
	for i, t := range targets {
		results[i] = make(chan result, 1)
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			limited, cancel := context.WithTimeout(running, *timeout)
			defer cancel()
			results[i] <- t.try(limited, resolver)
		}()
	}
	for _, one := range results {
		printJSON(<-one)
	}
	return nil
}

// parseResolver returns the server as ADDRESS:PORT, or "" for none.
func parseResolver(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	host, port, err := splitServer(text)
	if err != nil {
		return "", fmt.Errorf("--dns %q is not understood: %w", text, err)
	}
	return net.JoinHostPort(host, port), nil
}

func (t target) try(limited context.Context, resolver string) (r result) {
	begun := time.Now()
	defer func() { r.Milliseconds = milliseconds(time.Since(begun)) }()
	host, err := t.host, error(nil)
	if t.hasName() {
		if host, err = resolve(limited, resolver, t.host); err != nil {
			reason := fmt.Sprintf("Cannot resolve %s at %s: %v", t.host, resolver, err)
			return result{Target: t.text, Outcome: "failed", Error: reason}
		}
	}
	answer, err := attempts[t.kind](limited, t, net.JoinHostPort(host, t.port))
	r = result{Target: t.text, Outcome: outcomeOf(err)}
	if status := otherStatus(""); errors.As(err, &status) {
		r.Outcome, r.Error = "open", string(status)
	} else if r.Outcome == "open" {
		r.Answer = answer
	} else if r.Outcome == "failed" {
		r.Error = err.Error()
	}
	return r
}

// attempts holds what is tried with each kind of target, at its address.
var attempts = map[string]func(context.Context, target, string) (string, error){
	"tcp": func(limited context.Context, _ target, address string) (string, error) {
		connection, err := dial(limited, "tcp", address)
		if err != nil {
			return "", err
		}
		return "", connection.Close()
	},
	"udp": func(limited context.Context, _ target, address string) (string, error) {
		answer, err := exchange(limited, "udp", address, func(connection net.Conn) ([]byte, error) {
			if _, err := connection.Write([]byte("probe\n")); err != nil {
				return nil, err
			}
			datagram := make([]byte, 65535)
			length, err := connection.Read(datagram)
			return datagram[:length], err
		})
		return strings.TrimSpace(string(answer)), err
	},
	"http": getHTTP,
	"dns": func(limited context.Context, t target, address string) (string, error) {
		r, err := ask(limited, t.transport, address, t.name)
		return r.String(), err
	},
}

// otherStatus is an HTTP answer that is not 200, such as "503 Service Unavailable".
type otherStatus string

func (s otherStatus) Error() string { return string(s) }

// getHTTP returns the body of status 200. Proxies and redirects are passed over: it is
// this address that is tried.
func getHTTP(limited context.Context, t target, address string) (string, error) {
	client := http.Client{
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(limited context.Context, _, _ string) (net.Conn, error) {
				return dial(limited, "tcp", address)
			},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(limited, http.MethodGet, "http://"+net.JoinHostPort(t.host, t.port)+t.path, nil)
	if err != nil {
		return "", err
	}
	request.Header = t.headers.Clone()
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", otherStatus(response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	return strings.TrimSpace(string(body)), err
}

// exchange connects, lets talk do one exchange within the limit, and closes.
func exchange(
	limited context.Context, network, address string, talk func(net.Conn) ([]byte, error),
) ([]byte, error) {
	connection, err := dial(limited, network, address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if deadline, set := limited.Deadline(); set {
		_ = connection.SetDeadline(deadline)
	}
	return talk(connection)
}

// milliseconds are told to the tenth.
func milliseconds(d time.Duration) float64 { return math.Round(d.Seconds()*10_000) / 10 }
