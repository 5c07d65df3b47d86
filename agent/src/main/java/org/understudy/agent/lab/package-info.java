/**
 * The lab: a small mail world on loopback inside the agent, to try Understudy without a mail domain of one's own.
 *
 * <p>{@link org.understudy.agent.lab.Lab} starts a primary (SMTP and a mailbox reached by IMAP), an authoritative name server,
 * a Slack and a mail sink for alerts; {@link org.understudy.agent.lab.LabResource} shows them and breaks them. Everything lies
 * under one directory: {@code mailbox/} and {@code alert-mail/} ({@code <id>.eml} beside {@code <id>.json}), {@code slack.jsonl}
 * and {@code switches.json}, so that mail, alerts and what was broken outlive a killed agent.
 *
 * <p>It protects nothing and therefore listens on loopback only.
 */
@NullMarked
package org.understudy.agent.lab;

import org.jspecify.annotations.NullMarked;
