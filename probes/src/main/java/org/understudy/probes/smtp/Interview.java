package org.understudy.probes.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.understudy.probes.Role;
import org.understudy.smtp.CommandResult;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Reply;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpSession;

/**
 * Asks a server in one session: MAIL, RCPT, RSET, and never DATA. What is most worth knowing comes first, because a server may have
 * enough of questions. Confined to one thread; used once.
 */
final class Interview {
    private static final long MEGABYTE = 1_000_000;
    /** Limits in use lie between these. */
    private static final List<Long> SIZES = List.of(10L, 25L, 35L, 50L, 100L, 150L);

    private final SmtpSession session;
    private final Questions questions;
    private final Role role;
    private final List<Asked> asked = new ArrayList<>();
    private Optional<SizeLimit> size = Optional.empty();
    private Optional<String> brokenOff = Optional.empty();
    private Toll toll = Toll.NONE;

    Interview(SmtpSession session, Questions questions, Role role) {
        this.session = session;
        this.questions = questions;
        this.role = role;
    }

    /** Only whether mail is taken at all. */
    Said briefly() {
        boolean begun = begin(Topic.SENDER, questions.settings().sender());
        if (begun) {
            surest();
            reset();
        }
        if (!begun || nobodyTaken()) {
            nullSender();
            blameSender();
        }
        return said();
    }

    private void surest() {
        Optional<Mailbox> known = questions.known().stream().findFirst();
        if (known.isEmpty() || !recipient(Topic.KNOWN, ForwardPath.of(known.get()))) {
            // What is said of one recipient, need not be true of all.
            recipient(Topic.POSTMASTER, questions.postmaster());
        }
    }

    /** Everything. */
    Said thoroughly() {
        if (begin(Topic.SENDER, questions.settings().sender())) {
            recipients();
            reset();
        }
        nullSender();
        if (blameSender() && say("MAIL FROM:<>").filter(Reply::isPositive).isPresent()) {
            recipients();
            reset();
        }
        sizes();
        verification();
        greetings();
        relaying();
        return said();
    }

    /** Begins a message that has no end, to see whether the server finds one. Only a reply to that is an answer. */
    Said withoutEnd(byte[] content, Duration patience) {
        boolean begun =
                begin(Topic.SENDER, questions.settings().sender()) && recipient(Topic.KNOWN, questions.surest());
        if (begun) {
            CommandResult end = session.leaveUnfinished(content, patience);
            end.reply().ifPresent(r -> asked.add(new Asked(Topic.LINE_END, "", r, Duration.ZERO)));
            brokenOff = end.failure().map(Object::toString);
        }
        return said();
    }

    private Said said() {
        return new Said(asked, size, brokenOff, toll);
    }

    private void recipients() {
        questions.known().forEach(known -> recipient(Topic.KNOWN, ForwardPath.of(known)));
        recipient(Topic.POSTMASTER, questions.postmaster());
        unknown();
        recipient(Topic.ABUSE, questions.abuse());
        recipient(Topic.BARE_POSTMASTER, new ForwardPath("postmaster", Optional.empty()));
        questions.forms().forEach(form -> recipient(Topic.FORM, form));
    }

    private void unknown() {
        if (brokenOff.isEmpty()) {
            toll = toll.withUnknownRecipient();
        }
        recipient(Topic.UNKNOWN, questions.unknown());
    }

    private void nullSender() {
        ForwardPath recipient = questions.surest();
        ask(Topic.NULL_SENDER, recipient.address(), "MAIL FROM:<>", "RCPT TO:" + recipient);
        reset();
    }

    private boolean nobodyTaken() {
        return asked.stream()
                .noneMatch(a -> a.isTaken() && (a.topic() == Topic.KNOWN || a.topic() == Topic.POSTMASTER));
    }

    /**
     * Many servers refuse a sender only when they are told the recipient. If nobody is taken from our sender, and somebody is from the
     * null sender, then that is what happened: the refusal is noted as one of the sender, and the others are forgotten.
     */
    private boolean blameSender() {
        boolean nullTaken = asked.stream().anyMatch(a -> a.topic() == Topic.NULL_SENDER && a.isTaken());
        if (!nullTaken || !nobodyTaken()) {
            return false;
        }
        ReversePath sender = questions.settings().sender();
        asked.stream()
                .filter(a -> a.topic() != Topic.NULL_SENDER && !a.isTaken())
                .findFirst()
                .ifPresent(refused -> {
                    asked.removeIf(a -> a.topic() != Topic.NULL_SENDER);
                    asked.add(new Asked(Topic.SENDER, sender.toString(), refused.reply(), refused.took()));
                });
        return true;
    }

    private boolean begin(Topic topic, ReversePath sender) {
        return ask(topic, sender.toString(), "MAIL FROM:" + sender);
    }

    private boolean recipient(Topic topic, ForwardPath recipient) {
        return ask(topic, recipient.address(), "RCPT TO:" + recipient);
    }

    /** What EHLO says of the limit, or between which sizes it is (RFC 1870 section 6.1). */
    private void sizes() {
        OptionalLong announced = session.capabilities().maximumSize();
        if (announced.isPresent()) {
            size = Optional.of(SizeLimit.announced(announced.getAsLong()));
        } else if (session.capabilities().offers("SIZE")) {
            bisect();
        }
    }

    private void bisect() {
        int taken = -1;
        int refused = SIZES.size();
        while (refused - taken > 1) {
            int middle = (taken + refused) / 2;
            Optional<Reply> reply = say("MAIL FROM:<> SIZE=" + SIZES.get(middle) * MEGABYTE);
            if (reply.filter(r -> r.isPositive() || r.isPermanent()).isEmpty()) {
                return;
            }
            reset();
            if (reply.get().isPositive()) {
                taken = middle;
            } else {
                refused = middle;
            }
        }
        size = Optional.of(new SizeLimit(
                taken < 0 ? 0 : SIZES.get(taken) * MEGABYTE,
                refused == SIZES.size() ? OptionalLong.empty() : OptionalLong.of(SIZES.get(refused) * MEGABYTE),
                false));
    }

    private void verification() {
        ForwardPath known = questions.surest();
        ask(Topic.VRFY_KNOWN, known.address(), "VRFY " + known.address());
        if (asked.stream().anyMatch(Asked::isVerified)) {
            String unknown = questions.unknown().address();
            ask(Topic.VRFY_UNKNOWN, unknown, "VRFY " + unknown);
        }
        ask(Topic.EXPN, "postmaster", "EXPN postmaster");
        if (role == Role.BACKUP && session.capabilities().offers("ETRN")) {
            String domain = questions.domain().name().text();
            ask(Topic.ETRN, domain, "ETRN " + domain);
        }
    }

    private void greetings() {
        if (!questions.settings().heloQuestions()) {
            return;
        }
        greeting("an address literal", literal(session.localAddress()));
        greeting("an unqualified name", "mail");
        greeting("a name that is not ours", "client.example");
        say("EHLO " + questions.settings().client().ehloName());
    }

    private void greeting(String subject, String name) {
        ask(
                Topic.HELO,
                subject,
                "EHLO " + name,
                "MAIL FROM:" + questions.settings().sender(),
                "RCPT TO:" + questions.surest());
        reset();
    }

    private void relaying() {
        questions.settings().relayTestRecipient().ifPresent(elsewhere -> {
            String sender = questions.settings().sender().toString();
            if (say("MAIL FROM:" + sender).filter(Reply::isPositive).isPresent()) {
                for (String form : questions.relayForms(elsewhere)) {
                    ask(Topic.RELAY, "from " + sender + " to " + form, "RCPT TO:" + form);
                }
                for (String form : questions.hiddenRelayForms(elsewhere)) {
                    ask(Topic.RELAY_BY_LOCAL_PART, "from " + sender + " to " + form, "RCPT TO:" + form);
                }
            }
            reset();
            for (String other : questions.relaySenders(literal(session.localAddress()))) {
                String form = "<" + elsewhere + ">";
                ask(Topic.RELAY, "from " + other + " to " + form, "MAIL FROM:" + other, "RCPT TO:" + form);
                reset();
            }
        });
    }

    /** RFC 5321 section 4.1.3. */
    private static String literal(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
    }

    private void reset() {
        say("RSET");
    }

    /** Says these commands as long as each is taken; true if all were. */
    private boolean ask(Topic topic, String subject, String... commands) {
        long begun = System.nanoTime();
        Optional<Reply> reply = Optional.empty();
        for (String command : commands) {
            reply = say(command);
            if (reply.filter(Reply::isPositive).isEmpty()) {
                break;
            }
        }
        reply.ifPresent(r -> asked.add(new Asked(topic, subject, r, Duration.ofNanos(System.nanoTime() - begun))));
        return reply.filter(Reply::isPositive).isPresent();
    }

    /** Empty when the session is over: from then on nothing is asked. */
    private Optional<Reply> say(String command) {
        if (brokenOff.isPresent()) {
            return Optional.empty();
        }
        CommandResult result = session.ask(command);
        brokenOff = result.failure().map(Object::toString);
        result.reply().ifPresent(reply -> toll = toll.with(reply));
        return result.reply();
    }
}
