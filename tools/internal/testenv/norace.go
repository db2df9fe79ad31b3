//go:build !race

package testenv

const detector = 1
