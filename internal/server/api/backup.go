package api

import (
	"mime"
	"net/http"
	"time"
)

// backups lists what can be restored.
func (s *Server) backups(q *request) error {
	list, err := s.Platform.Backups(q.ctx)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, itemsOf[BackupFile]{list})
}

// jobOut names work that goes on after the answer.
type jobOut struct {
	Job string `json:"job" api:"id"`
}

// backup starts a backup; it appears in the list when it is whole.
func (s *Server) backup(q *request) error {
	job, err := s.Platform.Backup(q.ctx, q.actor.ID())
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "backup_start", 0, true, job)
	return q.answer(http.StatusAccepted, jobOut{job})
}

// downloadTime is how long a backup may take on its way.
const downloadTime = 6 * time.Hour

// downloadBackup gives a backup away; it opens with the recovery passphrase only.
func (s *Server) downloadBackup(q *request) error {
	f, err := s.Platform.OpenBackup(q.ctx, q.r.PathValue("name"))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "backup_download", 0, true, info.Name())
	if err := http.NewResponseController(q.w).SetWriteDeadline(s.Clock.Now().Add(downloadTime)); err != nil {
		s.Log.Debug("no write deadline", "error", err)
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": info.Name()}))
	q.r.Header.Del("If-Modified-Since") // the answer is the file, never "as before"
	http.ServeContent(q.w, q.r, "", time.Time{}, f)
	return nil
}

// drill starts a trial restore; its job tells what came out.
func (s *Server) drill(q *request) error {
	name := q.r.PathValue("name")
	job, err := s.Platform.Drill(q.ctx, q.actor.ID(), name)
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "drill_start", 0, true, name)
	return q.answer(http.StatusAccepted, jobOut{job})
}

// newRecovery issues a new recovery passphrase and shows it once.
func (s *Server) newRecovery(q *request) error {
	passphrase, err := s.Platform.NewRecovery(q.ctx)
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "recovery_change", 0, true, "")
	return q.answer(http.StatusOK, passphraseOut{passphrase})
}
