package main

import (
	"os"
	"path/filepath"
	"runtime/pprof"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts drive the real program, as a process of its own, with the words that an operator types.

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"facteur": func() { os.Exit(profiled()) }})
}

// profiled runs the program, and writes what it does with the processor into the file that CPU_PROFILE names, where it does.
func profiled() (code int) {
	path := os.Getenv("CPU_PROFILE")
	if path == "" {
		return run()
	}
	file, err := os.Create(path)
	if err != nil {
		panic(err)
	}
	defer func() { _ = file.Close() }()
	if err := pprof.StartCPUProfile(file); err != nil {
		panic(err)
	}
	defer pprof.StopCPUProfile()
	return run()
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			deploy, err := filepath.Abs("../../deploy")
			if err != nil {
				return err
			}
			env.Vars = append(env.Vars, "DEPLOY="+deploy)
			env.Values[stageKey{}] = newStage(env)
			env.Vars = append(env.Vars, "FACTEUR_COLLECT_CHECK_LINKS=false") // the articles of scripts are nowhere
			env.Vars = append(env.Vars, "TZ=America/New_York")               // whatever the machine's zone, answers are in the newsletter's
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":   code,
			"dns":    dns,
			"end":    end, // testscript's own stop ends the script
			"http":   request,
			"json":   jsonValue,
			"link":   link,
			"lock":   lock,
			"relay":  relay,
			"script": script,
			"site":   site,
			"sql":    sql,
			"start":  start,
			"took":   took,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
