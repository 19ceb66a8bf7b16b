// Command cyclonus asks the matcher of github.com/mattfenwick/cyclonus which connections
// NetworkPolicies allow. It reads worlds from stdin, one JSON object per line, and answers
// each with a line on stdout, in order, until stdin ends. It judges as the matcher does:
// what is known to be different in Kubernetes is for the caller to see to.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// world is a question: may each end connect to each end on each port?
type world struct {
	// Namespaces are labels by name.
	Namespaces map[string]map[string]string `json:"namespaces"`
	Pods       []pod                        `json:"pods"`
	// Addresses are ends outside of the cluster; they come after the pods.
	Addresses []string                      `json:"addresses"`
	Policies  []*networkingv1.NetworkPolicy `json:"policies"`
	Ports     []port                        `json:"ports"`
}

type pod struct {
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
	Address   string            `json:"address"`
	Ports     []port            `json:"ports"`
}

type port struct {
	Name     string          `json:"name,omitempty"`
	Port     int             `json:"port"`
	Protocol corev1.Protocol `json:"protocol"`
}

// answer has a digit for each source, within it for each destination, within it for each
// port: 1 where the destination's ingress allows, plus 2 where the source's egress does.
type answer struct {
	Verdicts string `json:"verdicts,omitempty"`
	Error    string `json:"error,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "cyclonus: %v\n", err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	answers := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(answers)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := encoder.Encode(judge(line)); err != nil {
				return err
			}
		}
		// Who waits for an answer before the next question gets it; a crowd of questions is not held up.
		if lines.Buffered() == 0 || err != nil {
			if err := answers.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func judge(line []byte) (told answer) {
	// The matcher panics on what the API server would have refused.
	defer func() {
		if reason := recover(); reason != nil {
			told = answer{Error: fmt.Sprint(reason)}
		}
	}()
	var asked world
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return answer{Error: err.Error()}
	}
	// Rules as they stand: merging them first makes nothing faster, and is one more thing that may err.
	policies := matcher.BuildNetworkPolicies(false, asked.Policies)
	ends, portsOf := asked.ends()
	verdicts := make([]byte, 0, len(ends)*len(ends)*len(asked.Ports))
	for _, from := range ends {
		for at, to := range ends {
			for _, on := range asked.Ports {
				verdicts = append(verdicts, '0'+verdict(policies, from, to, on, namesOf(portsOf[at], on)))
			}
		}
	}
	return answer{Verdicts: string(verdicts)}
}

// ends are the pods, then the addresses, and the ports that each has names for.
func (w *world) ends() ([]*matcher.TrafficPeer, [][]port) {
	var ends []*matcher.TrafficPeer
	var ports [][]port
	for _, pod := range w.Pods {
		ends = append(ends, &matcher.TrafficPeer{IP: pod.Address, Internal: &matcher.InternalPeer{
			PodLabels:       pod.Labels,
			NamespaceLabels: w.Namespaces[pod.Namespace],
			Namespace:       pod.Namespace,
		}})
		ports = append(ports, pod.Ports)
	}
	for _, address := range w.Addresses {
		ends = append(ends, &matcher.TrafficPeer{IP: address})
		ports = append(ports, nil)
	}
	return ends, ports
}

// namesOf are the names of a port, at least the empty one. The matcher wants named ports resolved,
// and knows one name for each connection, while a container may have several for a number.
func namesOf(ports []port, on port) []string {
	var names []string
	for _, one := range ports {
		if one.Port == on.Port && one.Protocol == on.Protocol {
			names = append(names, one.Name)
		}
	}
	if names == nil {
		return []string{""}
	}
	return names
}

func verdict(policies *matcher.Policy, from, to *matcher.TrafficPeer, on port, names []string) byte {
	told := byte(0)
	for _, name := range names {
		result := policies.IsTrafficAllowed(&matcher.Traffic{
			Source:           from,
			Destination:      to,
			ResolvedPort:     on.Port,
			ResolvedPortName: name,
			Protocol:         on.Protocol,
		})
		if result.Ingress.IsAllowed() {
			told |= 1
		}
		if result.Egress.IsAllowed() {
			told |= 2
		}
	}
	return told
}
