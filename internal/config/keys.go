package config

import (
	"reflect"
	"slices"
	"strings"
)

// envPrefix begins the name of every environment variable that is a setting.
const envPrefix = "FACTEUR_"

var (
	secretType   = reflect.TypeFor[Secret]()
	durationType = reflect.TypeFor[Duration]()
)

// setting is one key with the place where its value is kept.
type setting struct {
	key   string
	value reflect.Value
	tag   reflect.StructTag
}

// settings lists every key of c in the order of the structs; newsletters and groups by name.
func settings(c *Config) []setting {
	return appendSettings(nil, "", reflect.ValueOf(c).Elem())
}

func appendSettings(list []setting, path string, v reflect.Value) []setting {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.IsExported() {
			continue
		}
		key, value := join(path, f.Tag.Get("toml")), v.FieldByIndex(f.Index)
		switch value.Kind() {
		case reflect.Struct:
			list = appendSettings(list, key, value)
		case reflect.Map:
			names := value.MapKeys()
			slices.SortFunc(names, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			for _, name := range names {
				list = appendSettings(list, join(key, name.String()), value.MapIndex(name).Elem())
			}
		default:
			list = append(list, setting{key: key, value: value, tag: f.Tag})
		}
	}
	return list
}

// tables lists the names of the groups that keys stand in.
func tables(c *Config) []string {
	var names []string
	for _, s := range settings(c) {
		if i := strings.LastIndexByte(s.key, '.'); i > 0 && !slices.Contains(names, s.key[:i]) {
			names = append(names, s.key[:i])
		}
	}
	return names
}

// field finds the field of the struct v that the key name stands for.
func field(v reflect.Value, name string) (reflect.Value, reflect.StructTag, bool) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.IsExported() && f.Tag.Get("toml") == name {
			return v.FieldByIndex(f.Index), f.Tag, true
		}
	}
	return reflect.Value{}, "", false
}

// EnvName is the environment variable that overrides the key.
func EnvName(key string) string {
	return envPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
