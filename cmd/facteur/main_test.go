package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts drive the real program, as a process of its own, with the words that an operator types.

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"facteur": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
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
			"sql":    sql,
			"start":  start,
			"took":   took,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
