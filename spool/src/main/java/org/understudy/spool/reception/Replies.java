package org.understudy.spool.reception;

import java.util.List;
import org.understudy.smtp.Reply;
import org.understudy.spool.QueueId;

/**
 * Every reply we give, but those of the recipient policy. A 5yz is final for the sender, so each one is weighed here.
 */
final class Replies {
    static final Reply OK = Reply.of(250, "2.0.0 Ok");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0 Ok");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5 Ok");
    static final Reply START_CONTENT = Reply.of(354, "End data with <CR><LF>.<CR><LF>");
    static final Reply START_TLS = Reply.of(220, "2.0.0 Ready to start TLS");
    static final Reply EMPTY_CHUNK = chunk(0);
    static final Reply BYE = Reply.of(221, "2.0.0 Bye");
    // RFC 5321 section 3.5.3: neither confirms nor denies.
    static final Reply CANNOT_VERIFY = Reply.of(252, "2.5.2 Cannot verify the user, but will try delivery");

    static final Reply HELP = Reply.of(
            214,
            "2.0.0 Commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY STARTTLS HELP QUIT (RFC 5321, RFC 3030)");

    static final Reply SHUTTING_DOWN = Reply.of(421, "4.3.2 Service shutting down, try again later");
    static final Reply TOO_MANY_SESSIONS = Reply.of(421, "4.3.2 Too many sessions, try again later");
    static final Reply TOO_MANY_FROM_YOU = Reply.of(421, "4.7.0 Too many sessions from your address, try again later");
    static final Reply IDLE = Reply.of(421, "4.4.2 Timeout, closing");
    static final Reply SESSION_TOO_LONG = Reply.of(421, "4.4.2 Session too long, closing");
    static final Reply MADE_ROOM = Reply.of(421, "4.3.2 Idle while others wait, closing");
    static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0 Too many errors, closing");
    static final Reply TOO_MANY_IDLE_COMMANDS = Reply.of(421, "4.7.0 Too many commands without mail, closing");
    static final Reply TOO_MANY_MESSAGES = Reply.of(421, "4.3.2 Enough messages for one session, connect again");
    static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0 Local error, try again later");
    static final Reply SUSPICIOUS =
            Reply.of(451, "4.7.1 Not taken by this backup while the primary is up: send it there");
    static final Reply NO_SPACE = Reply.of(452, "4.3.1 Insufficient storage, try again later");
    static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3 Too many recipients");
    static final Reply SEND_SEPARATELY =
            Reply.of(452, "4.5.3 Send this one in another transaction: its host takes messages of another size");
    static final Reply SMTPUTF8_NOT_KNOWN =
            Reply.of(450, "4.6.7 Not known yet whether the host of this recipient takes SMTPUTF8, try again later");

    static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2 Line too long");
    static final Reply BAD_LINE = Reply.of(500, "5.5.2 A command is one line of text that ends in <CR><LF>");
    /** Nobody knows how many octets follow, and none of them must be taken for a command. */
    static final Reply BAD_CHUNK = Reply.of(501, "5.5.4 Syntax: BDAT size [LAST]");

    static final Reply BAD_END_MARKER = Reply.of(501, "5.5.4 Syntax: only LAST may stand behind the size");
    static final Reply UNKNOWN_COMMAND = Reply.of(500, "5.5.1 Command not recognized");
    static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1 Command not implemented");
    static final Reply NO_ARGUMENT = Reply.of(501, "5.5.4 This command takes no argument");
    static final Reply HELO_FIRST = Reply.of(503, "5.5.1 EHLO or HELO first");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1 MAIL first");
    static final Reply NESTED_MAIL = Reply.of(503, "5.5.1 A transaction is open");
    static final Reply CONTENT_HAS_BEGUN = Reply.of(503, "5.5.1 The content has begun: BDAT or RSET");
    static final Reply TLS_ALREADY = Reply.of(503, "5.5.1 TLS is active");
    static final Reply NO_RECIPIENTS = Reply.of(554, "5.5.1 No valid recipients");
    static final Reply TOO_BIG = Reply.of(552, "5.3.4 Message too big");
    // RFC 6531 section 3.5 has 550 for MAIL and 553 for RCPT.
    static final Reply SENDER_NEEDS_SMTPUTF8 = Reply.of(550, "5.6.7 An address that is not ASCII needs SMTPUTF8");
    static final Reply RECIPIENT_NEEDS_SMTPUTF8 = Reply.of(553, "5.6.7 An address that is not ASCII needs SMTPUTF8");
    static final Reply SMTPUTF8_NOT_TAKEN = Reply.of(553, "5.6.7 The host of this recipient does not take SMTPUTF8");
    static final Reply BARE_CR_OR_LF = Reply.of(550, "5.5.2 A line of content ends in <CR><LF>, and in nothing else");
    static final Reply TOO_MANY_HOPS = Reply.of(554, "5.4.6 Too many hops");

    /** Who does not wait for the greeting does not listen to replies either. */
    static final Reply SPOKE_FIRST = Reply.of(554, "5.5.1 Wait for the greeting");

    static final Reply XCLIENT_NOT_ALLOWED = Reply.of(550, "5.7.0 XCLIENT is not for you");

    private static final int LONGEST_ECHO = 200;

    private Replies() {}

    /** True if nothing more is said after it. */
    static boolean endsSession(Reply reply) {
        return reply.code() == 421 || reply.equals(BAD_LINE) || reply.equals(BAD_CHUNK);
    }

    static Reply greeting(String hostName) {
        return Reply.of(220, hostName + " ESMTP Understudy");
    }

    static Reply helo(String hostName) {
        return Reply.of(250, hostName);
    }

    static Reply ehlo(List<String> lines) {
        return new Reply(250, lines);
    }

    static Reply queued(QueueId id) {
        return Reply.of(250, "2.0.0 Ok: queued as " + id);
    }

    static Reply chunk(long octets) {
        return Reply.of(250, "2.0.0 " + octets + " octets received");
    }

    static Reply syntax(String what) {
        return Reply.of(501, "5.5.4 Syntax: " + brief(what));
    }

    static Reply unknownParameter(String keyword) {
        return Reply.of(555, "5.5.4 Parameter " + brief(keyword) + " is not recognized");
    }

    /** A reply line has 512 octets at most, RFC 5321 section 4.5.3.1.5, and what a client said may be longer. */
    private static String brief(String words) {
        return words.length() <= LONGEST_ECHO ? words : words.substring(0, LONGEST_ECHO) + "...";
    }
}
