/**
 * From signal to notification: decides when people are told that something is wrong, tells them through every channel,
 * and tells them when it is over.
 *
 * <p>Life of an alert: a source hands in a {@link org.understudy.alerts.SourceReport}, a complete statement of all that
 * is wrong now. Each {@link org.understudy.alerts.Signal} becomes an alert that is PENDING until it was seen often
 * enough, then FIRING, then RESOLVED once its source has said often enough that it is gone. A source that does not know
 * reports nothing: nothing opens, and nothing resolves.
 *
 * <p>A change of state and the notifications that it causes are written in one transaction. One thread per channel
 * delivers them in order, at least once; a notification counts as delivered only after the channel has accepted it, so
 * neither a crash nor an outage of the channel loses one. A resolve goes to every channel that may have got the trigger,
 * whatever the configuration says by then.
 *
 * <p>{@link org.understudy.alerts.Alerts} is the entry. The library knows no probe and no mail: those who use it
 * translate.
 */
@NullMarked
package org.understudy.alerts;

import org.jspecify.annotations.NullMarked;
