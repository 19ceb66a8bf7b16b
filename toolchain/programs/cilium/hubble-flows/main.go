// Prints what Hubble has seen: the flows that an agent keeps, oldest first, as one JSON object per line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cilium/cilium/api/v1/observer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	socket := flag.String("socket", "/var/run/cilium/hubble.sock", "of the agent's Hubble server")
	last := flag.Uint64("last", 1000, "flows to print, the newest ones")
	flag.Parse()
	if err := print(*socket, *last); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func print(socket string, last uint64) error {
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	// The flows are in memory: who has not answered by then will not.
	running, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request := &observer.GetFlowsRequest{Number: last}
	flows, err := observer.NewObserverClient(connection).GetFlows(running, request)
	if err != nil {
		return fmt.Errorf("Hubble at %s does not answer: %w", socket, err)
	}
	format := protojson.MarshalOptions{UseProtoNames: true}
	for {
		response, err := flows.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("Hubble at %s: %w", socket, err)
		}
		line, err := format.Marshal(response)
		if err != nil {
			return err
		}
		fmt.Println(string(line))
	}
}
