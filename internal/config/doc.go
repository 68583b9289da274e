// Package config reads the settings, checks them all at once, and shows what is in force without its secrets.
//
//   - One TOML file; the environment over it; flags last. Each value remembers which of them it came from.
//   - A key that is not known is an error, in the file and in the environment alike: a typing mistake never passes for a default.
//   - Every complaint takes two lines, what happened and what to do, and all of them come together.
//   - A secret is never echoed: not by [Config.Show], not by an error, not by printing the struct.
//   - It knows the shape of a value, not its craft: a cron specification is only required to be there, the package that runs it parses it.
//   - The environment is an argument; nothing is read but the settings file and the files that settings name.
package config
