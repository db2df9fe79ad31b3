//go:build race

package testenv

// detector is how much more memory the race detector may take for its notes of
// who has touched what.
const detector = 2
