package config

import "fmt"

// Origin is where a value came from.
type Origin struct {
	Kind OriginKind
	// Name is the file, the environment variable, the flag, or the key that a derived value follows.
	Name string
	// Line is the line in the settings file, from 1.
	Line int
}

// OriginKind names the layers, the later over the earlier.
type OriginKind int

// The layers.
const (
	FromDefault     OriginKind = iota // built in
	FromSetting                       // empty, so made from another setting
	FromCredential                    // a file in systemd's $CREDENTIALS_DIRECTORY
	FromFile                          // the settings file
	FromEnvironment                   // a FACTEUR_ variable
	FromFlag                          // the command line
	FromSecretFile                    // the file that a …_file setting names
)

// String is the origin in the words of `config show`: "facteur.toml:12", "FACTEUR_SMTP_URL", "default".
func (o Origin) String() string {
	switch o.Kind {
	case FromSetting:
		return "from " + o.Name
	case FromCredential:
		return "credential " + o.Name
	case FromFile:
		if o.Line == 0 {
			return o.Name
		}
		return fmt.Sprintf("%s:%d", o.Name, o.Line)
	case FromEnvironment, FromFlag:
		return o.Name
	case FromSecretFile:
		return "secret file " + o.Name
	default:
		return "default"
	}
}

// MarshalText makes an origin one text in JSON.
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }
