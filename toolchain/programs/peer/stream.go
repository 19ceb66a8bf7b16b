package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tally is what stream prints when it ends.
type tally struct {
	Sent     int `json:"sent"`
	Answered int `json:"answered"`
	Lost     int `json:"lost"`
	// LongestGap is the longest time between two answers that came one after the other.
	LongestGap float64 `json:"longestGapMilliseconds"`
	// Broken says how a TCP connection ended before we ended it: "reset after 90 ms: …".
	Broken string `json:"broken,omitempty"`
}

type answer struct {
	number int
	at     time.Time
}

// talk is one connection over which numbered lines go and come back.
type talk struct {
	net.Conn
	lines *bufio.Reader
	// lossy is true for UDP: a message that fails is lost, and the next may pass.
	lossy   bool
	timeout time.Duration
}

// stream sends numbered messages over one connection and counts what comes back.
func stream(running context.Context, arguments []string) error {
	flags := newFlags()
	every := flags.Duration("every", 10*time.Millisecond, "interval of the messages")
	length := flags.Duration("for", 10*time.Second, "how long to send")
	timeout := flags.Duration("timeout", time.Second, "for the connection, and for late answers")
	if err := parse(flags, arguments, 1, 1); err != nil {
		return err
	}
	t, err := parseTarget(flags.Arg(0))
	switch {
	case err != nil:
		return badArguments{err}
	case t.kind != "tcp" && t.kind != "udp":
		return badArguments{fmt.Errorf("Target %q cannot be streamed to: only tcp: and udp: can", t.text)}
	case t.hasName():
		return badArguments{fmt.Errorf("Target %q has a name for a host: give an address", t.text)}
	case *every <= 0 || *timeout <= 0:
		return badArguments{errors.New("--every and --timeout must be above 0")}
	}

	connection, err := establish(running, t, *timeout)
	if err != nil {
		err = fmt.Errorf("Cannot establish %s: %w", t.text, err)
		printJSON(map[string]string{"error": err.Error()})
		return err
	}
	defer connection.Close()
	printJSON(map[string]bool{"established": true})
	sending, cancel := context.WithTimeout(running, *length)
	defer cancel()
	printJSON(connection.count(sending, *every))
	return nil
}

// establish connects, and sends message 0 there and back: UDP has no other handshake.
func establish(running context.Context, t target, timeout time.Duration) (*talk, error) {
	limited, cancel := context.WithTimeout(running, timeout)
	defer cancel()
	connection, err := dial(limited, t.kind, net.JoinHostPort(t.host, t.port))
	if err != nil {
		return nil, err
	}
	c := &talk{connection, bufio.NewReader(connection), t.kind == "udp", timeout}
	_ = c.SetReadDeadline(time.Now().Add(timeout))
	if err = c.send(0); err == nil {
		_, err = c.lines.ReadString('\n')
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, c.SetReadDeadline(time.Time{})
}

// count sends until the context ends or the connection does, then waits for what is under way.
func (c *talk) count(sending context.Context, every time.Duration) tally {
	answers, broken := make(chan answer), make(chan error, 1)
	go c.receive(answers, broken)

	begun, sum := time.Now(), tally{}
	seen, last := map[int]bool{}, time.Time{}
	note := func(a answer) {
		if a.number < 1 || a.number > sum.Sent || seen[a.number] {
			return
		}
		seen[a.number] = true
		sum.Answered++
		if !last.IsZero() {
			sum.LongestGap = max(sum.LongestGap, milliseconds(a.at.Sub(last)))
		}
		last = a.at
	}
	noteEnd := func(err error) {
		sum.Broken = fmt.Sprintf("%s after %d ms: %v", endingOf(err), time.Since(begun).Milliseconds(), err)
	}

	ticks := time.NewTicker(every)
	defer ticks.Stop()
	var unsent error
	for sending.Err() == nil && sum.Broken == "" && unsent == nil {
		select {
		case <-ticks.C:
			sum.Sent++
			unsent = c.send(sum.Sent)
		case a := <-answers:
			note(a)
		case err := <-broken:
			noteEnd(err)
		case <-sending.Done():
		}
	}
	// After a failed write, the reader still gets earlier answers and the better reason.
	for late := time.After(c.timeout); sum.Broken == "" && sum.Answered < sum.Sent; {
		select {
		case a := <-answers:
			note(a)
			continue
		case err := <-broken:
			noteEnd(err)
		case <-late:
			if unsent != nil {
				noteEnd(unsent)
			}
		}
		break
	}
	sum.Lost = sum.Sent - sum.Answered
	return sum
}

// send fails only when nothing more can be sent.
func (c *talk) send(number int) error {
	_ = c.SetWriteDeadline(time.Now().Add(c.timeout))
	_, err := c.Write([]byte(strconv.Itoa(number) + "\n"))
	if c.lossy {
		return nil
	}
	return err
}

func (c *talk) receive(answers chan<- answer, broken chan<- error) {
	for {
		line, err := c.lines.ReadString('\n')
		switch {
		case err == nil:
			if number, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
				answers <- answer{number, time.Now()}
			}
		case !c.lossy || errors.Is(err, net.ErrClosed):
			broken <- err
			return
		}
	}
}

// endingOf says in one word how an established connection ended.
func endingOf(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "closed"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	}
	return outcomeOf(err)
}
