package main

import "context"

// pause does nothing until it is told to end.
func pause(running context.Context, arguments []string) error {
	if err := parse(newFlags(), arguments, 0, 0); err != nil {
		return err
	}
	<-running.Done()
	return nil
}
