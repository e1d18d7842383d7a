package api

import "net/http"

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

// newRecovery issues a new recovery passphrase and shows it once.
func (s *Server) newRecovery(q *request) error {
	passphrase, err := s.Platform.NewRecovery(q.ctx)
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "recovery_change", 0, true, "")
	return q.answer(http.StatusOK, passphraseOut{passphrase})
}
