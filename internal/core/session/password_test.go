package session

import (
	"errors"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// ASVS V6.2.1, V6.2.4, V6.2.5, V6.2.9, V6.2.11, V6.1.2.
func TestPasswordPolicy(t *testing.T) {
	m := Member{Login: "zhang.wei@yunteng.example", Name: "张伟国"}
	context := []string{"云腾科技", "Yunteng"}
	for _, c := range []struct{ password, key string }{
		{"abc1234", "error.password_short"}, {"四个汉字四个汉", "error.password_short"}, {"", "error.password_short"},
		{strings.Repeat("ab cd ", 22), "error.password_long"},
		{"no\x00zeroes here", "error.password_characters"}, {"broken \xff utf8", "error.password_characters"},
		{"12345678", "error.password_common"}, {"123456789", "error.password_common"}, {"1234567890", "error.password_common"},
		{"password", "error.password_common"}, {"Password123!", "error.password_common"}, {"P@ssw0rd", "error.password_common"},
		{"qwertyuiop", "error.password_common"}, {"1qaz2wsx", "error.password_common"}, {"qazwsxedc", "error.password_common"},
		{"iloveyou", "error.password_common"}, {"woaini1314", "error.password_common"}, {"woaini520", "error.password_common"},
		{"5201314520", "error.password_common"}, {"88888888", "error.password_common"}, {"abcabcabc", "error.password_common"},
		{"abcd1234", "error.password_common"}, {"a1b2c3d4", ""}, {"admin123", "error.password_common"}, {"admin888888", "error.password_common"},
		{"1q2w3e4r", "error.password_common"}, {"1q2w3e4r5t", "error.password_common"}, {"asdfghjkl", "error.password_common"},
		{"19900101", "error.password_common"}, {"1990-01-01", "error.password_common"}, {"01011990", "error.password_common"},
		{"aa123456", "error.password_common"}, {"abc123456", "error.password_common"}, {"a12345678", "error.password_common"},
		{"zxcvbnm123", "error.password_common"}, {"letmein2024", "error.password_common"}, {"welcome1!", "error.password_common"},
		{"87654321", "error.password_common"}, {"147258369", "error.password_common"}, {"superman99", "error.password_common"},
		{"iloveyouqwerty", "error.password_common"}, {"11223344", ""}, {"zhangsan123", "error.password_common"},
		{"zhang.wei", "error.password_context"}, {"Zhang.Wei2024", "error.password_context"}, {"yunteng2026", "error.password_context"},
		{"YUNTENG888!", "error.password_context"}, {"张伟国123456", "error.password_context"}, {"云腾科技2026", "error.password_context"},
		{"guanxi123", "error.password_context"}, {"Gu@nx1crm", "error.password_context"}, {"关系关系关系关系", "error.password_context"},
		// No rules of composition: long and all of one kind is fine.
		{"correcthorsebatterystaple", ""}, {"loglampriverteapot", ""}, {"83920174658301", ""}, {"我家门前有小河后面有山坡", ""},
		{"yunteng has a garden with plums", ""}, {"Tr0ub4dor&3x", ""}, {"kPz!9vQ2", ""}, {strings.Repeat("长 long ", 16), ""},
	} {
		err := CheckPassword(c.password, m, 0, context)
		var e *errs.Error
		switch {
		case c.key == "" && err != nil:
			t.Errorf("%q: %v", c.password, err)
		case c.key != "" && (!errors.As(err, &e) || e.Key != c.key || e.Field != "password" || e.Code != errs.Invalid):
			t.Errorf("%q: %v, want %s", c.password, err, c.key)
		}
	}
}
