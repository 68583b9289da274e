// Package cli is the commands an operator types, and how they answer.
//
// Its rules:
//   - What was asked for goes to standard output, everything else to standard error.
//   - An error takes two lines: what happened, and what to do. Its exit code is one of [Code].
//   - The answer comes first, in two lines at most; then the table.
//   - --json gives the same as one JSON value: snake_case names, RFC 3339 times. Names are added, never changed.
//   - Whatever sends to people says to how many and wants that number typed; --yes stands for it in scripts.
//   - No command looks at the process: arguments, streams, environment and clock come in by [IO].
package cli
