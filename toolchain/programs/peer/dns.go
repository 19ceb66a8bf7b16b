package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
)

// A question for IPv4 addresses and its answer, as RFC 1035 writes them: small enough
// to do without a library, and without the settings of the machine's own resolver.

const (
	typeA   = 1
	classIN = 1
	// The flags of a header.
	isResponse       = 1 << 15
	isTruncated      = 1 << 9
	recursionDesired = 1 << 8
	codeMask         = 0xf
)

var errMalformed = errors.New("the DNS answer is malformed")

// reply is what a DNS server said.
type reply struct {
	code      uint16
	truncated bool
	addresses []netip.Addr
}

// String holds the addresses, separated by commas, or why there are none.
func (r reply) String() string {
	names := map[uint16]string{1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
	switch {
	case r.truncated:
		return "TRUNCATED"
	case names[r.code] != "":
		return names[r.code]
	case r.code != 0:
		return fmt.Sprintf("RCODE %d", r.code)
	case len(r.addresses) == 0:
		return "NODATA"
	}
	texts := make([]string, len(r.addresses))
	for i, address := range r.addresses {
		texts[i] = address.String()
	}
	return strings.Join(texts, ",")
}

// resolve asks for a name's first address, by TCP where UDP is too small for the answer.
func resolve(limited context.Context, server, name string) (string, error) {
	r, err := ask(limited, "udp", server, name)
	if err == nil && r.truncated {
		r, err = ask(limited, "tcp", server, name)
	}
	if err != nil {
		return "", err
	}
	if len(r.addresses) == 0 {
		return "", errors.New(r.String())
	}
	return r.addresses[0].String(), nil
}

// ask sends one question by udp or tcp, and waits for its answer.
func ask(limited context.Context, transport, server, name string) (reply, error) {
	id := uint16(rand.Uint32())
	question, err := encodeQuestion(id, name)
	if err != nil {
		return reply{}, err
	}
	talk := overUDP
	if transport == "tcp" {
		talk = overTCP
	}
	message, err := exchange(limited, transport, server, func(connection net.Conn) ([]byte, error) {
		return talk(connection, question)
	})
	if err != nil {
		return reply{}, err
	}
	return decodeReply(id, message)
}

func overUDP(connection net.Conn, question []byte) ([]byte, error) {
	if _, err := connection.Write(question); err != nil {
		return nil, err
	}
	message := make([]byte, 65535)
	length, err := connection.Read(message)
	return message[:length], err
}

// overTCP puts the length before each message.
func overTCP(connection net.Conn, question []byte) ([]byte, error) {
	framed := append(binary.BigEndian.AppendUint16(nil, uint16(len(question))), question...)
	if _, err := connection.Write(framed); err != nil {
		return nil, err
	}
	length := make([]byte, 2)
	if _, err := io.ReadFull(connection, length); err != nil {
		return nil, err
	}
	message := make([]byte, binary.BigEndian.Uint16(length))
	_, err := io.ReadFull(connection, message)
	return message, err
}

func encodeQuestion(id uint16, name string) ([]byte, error) {
	message := make([]byte, 0, 512)
	for _, field := range []uint16{id, recursionDesired, 1, 0, 0, 0} {
		message = binary.BigEndian.AppendUint16(message, field)
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		if len(label) == 0 || len(label) > 63 || len(name) > 253 {
			return nil, fmt.Errorf("%q is not a DNS name", name)
		}
		message = append(append(message, byte(len(label))), label...)
	}
	message = append(message, 0)
	message = binary.BigEndian.AppendUint16(message, typeA)
	return binary.BigEndian.AppendUint16(message, classIN), nil
}

func decodeReply(id uint16, message []byte) (reply, error) {
	c := cursor{rest: message}
	gotID, flags, questions, answers := c.number(), c.number(), c.number(), c.number()
	c.take(4) // the counts of what follows the answers
	if gotID != id || flags&isResponse == 0 {
		return reply{}, errMalformed
	}
	for range questions {
		c.skipName()
		c.take(4)
	}
	r := reply{code: flags & codeMask, truncated: flags&isTruncated != 0}
	for range answers {
		c.skipName()
		kind := c.number()
		c.take(6) // class and time to live
		data := c.take(int(c.number()))
		if address, ok := netip.AddrFromSlice(data); ok && kind == typeA {
			r.addresses = append(r.addresses, address)
		}
	}
	if c.short && !r.truncated {
		return reply{}, errMalformed
	}
	return r, nil
}

// cursor reads a message; short is set once it ended too early.
type cursor struct {
	rest  []byte
	short bool
}

func (c *cursor) take(length int) []byte {
	if length > len(c.rest) {
		c.rest, c.short = nil, true
		return nil
	}
	taken := c.rest[:length]
	c.rest = c.rest[length:]
	return taken
}

func (c *cursor) number() uint16 {
	if taken := c.take(2); taken != nil {
		return binary.BigEndian.Uint16(taken)
	}
	return 0
}

// skipName passes labels up to the empty one, or to a pointer into an earlier name.
func (c *cursor) skipName() {
	for {
		length := c.take(1)
		switch {
		case length == nil || length[0] == 0:
			return
		case length[0] >= 0xc0:
			c.take(1)
			return
		}
		c.take(int(length[0]))
	}
}
