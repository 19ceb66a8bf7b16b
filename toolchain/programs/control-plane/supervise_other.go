//go:build !linux

package main

import "syscall"

// Elsewhere there is no parent-death signal: children go with an orderly stop only.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
