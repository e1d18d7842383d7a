package app

import (
	"errors"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// What the first run refuses is named by what it asked for, so that the wizard
// shows it there; a zone that only this browser knows is no reason to refuse.
func TestFirstRunSaysWhatIsWrong(t *testing.T) {
	a := quiet(t, Options{})
	defer shut(t, a)
	good := api.SetupInput{Company: "甲公司", Currency: "CNY", Login: "admin", Name: "管理员", Password: testPassword}
	for field, change := range map[string]func(*api.SetupInput){
		"company":  func(in *api.SetupInput) { in.Company = " " },
		"login":    func(in *api.SetupInput) { in.Login = "" },
		"name":     func(in *api.SetupInput) { in.Name = " " },
		"password": func(in *api.SetupInput) { in.Password = "123" },
	} {
		in := good
		change(&in)
		_, err := a.Setup(t.Context(), in)
		got, ok := errors.AsType[*errs.Error](err)
		if !ok || got.Field != field || len(got.Sub) > 0 && got.Sub[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	good.Zone = "Etc/Unknown"
	if _, err := a.Setup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	c, _, err := a.Customize.Company(t.Context())
	if err != nil || c.Zone != "Asia/Shanghai" {
		t.Errorf("the zone is %q: %v", c.Zone, err)
	}
}
