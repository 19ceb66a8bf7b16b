package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// process is one child of the supervisor.
type process struct {
	Name string   `json:"name"`
	Argv []string `json:"argv"`
	// Log receives stdout and stderr.
	Log string `json:"log"`
	// After, a URL on loopback, must answer 200 before the process is started:
	// kube-controller-manager and kube-scheduler give up on a missing API server.
	After string `json:"after"`
}

type spec struct {
	Processes []process `json:"processes"`
	// StopWithStdin ends everything when standard input closes, so that nothing
	// outlives an owner that was killed.
	StopWithStdin bool `json:"stopWithStdin"`
}

const (
	readyWithin = 60 * time.Second
	stopWithin  = 5 * time.Second
)

// init pins main to the process's first thread: the kernel sends a child's
// death signal when the *thread* that started it ends, and that one ends last.
func init() { runtime.LockOSThread() }

// supervise starts the processes of a spec in order and runs until a signal, the
// end of standard input, or the end of any of them; then it stops them all, last
// one first. Killing the supervisor itself, even with SIGKILL, ends them too.
func supervise(args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, usage)
		return 2
	}
	raw, err := os.ReadFile(args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, "supervise:", err)
		return 2
	}
	var wanted spec
	if err := json.Unmarshal(raw, &wanted); err != nil {
		fmt.Fprintf(os.Stderr, "supervise: %s: %v\n", args[0], err)
		return 2
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	orphaned := make(chan struct{})
	if wanted.StopWithStdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			close(orphaned)
		}()
	}
	ended := make(chan string, len(wanted.Processes))
	stopping := func() bool {
		select {
		case <-signals:
			return true
		case <-orphaned:
			return true
		default:
			return false
		}
	}

	var running []*child
	defer func() { stopAll(running) }()
	for _, p := range wanted.Processes {
		if p.After != "" {
			if reason := waitFor(p.After, stopping, ended); reason != "" {
				if reason != "stopped" {
					fmt.Fprintf(os.Stderr, "supervise: %s not started: %s\n", p.Name, reason)
					return 1
				}
				return 0
			}
		}
		c, err := start(p, ended)
		if err != nil {
			fmt.Fprintf(os.Stderr, "supervise: %s: %v\n", p.Name, err)
			return 1
		}
		running = append(running, c)
	}
	select {
	case <-signals:
	case <-orphaned:
	case reason := <-ended:
		fmt.Fprintln(os.Stderr, "supervise:", reason)
		return 1
	}
	return 0
}

type child struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func start(p process, ended chan<- string) (*child, error) {
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(p.Argv[0], p.Argv[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = dieWithParent()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, done: make(chan struct{})}
	go func() {
		err := cmd.Wait()
		close(c.done)
		ended <- fmt.Sprintf("%s ended (%v): see %s", p.Name, err, p.Log)
	}()
	return c, nil
}

func stopAll(running []*child) {
	for i := len(running) - 1; i >= 0; i-- {
		c := running[i]
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-c.done:
		case <-time.After(stopWithin):
			_ = c.cmd.Process.Kill()
			<-c.done
		}
	}
}

// waitFor polls url until it answers 200 and returns "", or the reason why not.
func waitFor(url string, stopping func() bool, ended <-chan string) string {
	// Loopback only, and nothing but a status is read: the certificate is not what is asked.
	client := &http.Client{
		Timeout:   2 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	}
	for deadline := time.Now().Add(readyWithin); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if stopping() {
			return "stopped"
		}
		select {
		case reason := <-ended:
			return reason
		default:
		}
		response, err := client.Get(url)
		if err != nil {
			continue
		}
		response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return ""
		}
	}
	return fmt.Sprintf("%s did not answer 200 within %s", url, readyWithin)
}
