package org.understudy.interop.battery;

import java.util.List;

/** Recipients that are addressed in every way in which a server was ever made to relay. */
final class AddressForms {
    private AddressForms() {}

    /**
     * One way.
     *
     * @param path argument of RCPT
     * @param takes true if the spool may take it: it can only mean somebody of our domain
     */
    record Form(String path, boolean takes) {}

    /** Of senders that servers were known to trust. */
    static List<String> senders(String ourName) {
        return List.of(
                "<>",
                "<u@ext.test>",
                "<u@battery.test>",
                "<postmaster@battery.test>",
                "<u@" + ourName + ">",
                "<u@[127.0.0.1]>",
                "<u@localhost>",
                "<u>");
    }

    static List<Form> forms(String ourName) {
        return List.of(
                // Plainly somebody else's.
                refused("<u@ext.test>"),
                refused("<u@EXT.TEST>"),
                refused("<u@ext.test.>"),
                refused("<u@sub.battery.test>"),
                refused("<u@battery.test.ext.test>"),
                refused("<u@xbattery.test>"),
                refused("<u@test>"),
                refused("u@ext.test"),
                refused("\"u@ext.test\""),
                refused("< u@ext.test >"),
                // By a route in the local part.
                refused("<u%ext.test@battery.test>"),
                refused("<u%ext.test@" + ourName + ">"),
                refused("<u%ext.test@[127.0.0.1]>"),
                refused("<u%ext.test%battery.test@battery.test>"),
                refused("<ext.test!u@battery.test>"),
                refused("<ext.test!u@" + ourName + ">"),
                refused("<ext.test!u>"),
                refused("<battery.test!ext.test!u@battery.test>"),
                refused("<\"u@ext.test\"@battery.test>"),
                refused("<\"u@ext.test\">"),
                refused("<\"u%ext.test\"@battery.test>"),
                refused("<\"ext.test!u\"@battery.test>"),
                refused("<u@ext.test@battery.test>"),
                refused("<u@battery.test@ext.test>"),
                refused("<u%ext.test>"),
                refused("<u@ext.test%battery.test>"),
                // By a source route.
                refused("<@battery.test:u@ext.test>"),
                refused("<@battery.test,@" + ourName + ":u@ext.test>"),
                refused("<@[127.0.0.1]:u@ext.test>"),
                refused("<@battery.test:u%ext.test@battery.test>"),
                // To addresses instead of names.
                refused("<u@[127.0.0.1]>"),
                refused("<u@[192.0.2.1]>"),
                refused("<u@[IPv6:::1]>"),
                refused("<u@[IPv6:2001:db8::1]>"),
                refused("<u@127.0.0.1>"),
                refused("<u@[0x7f000001]>"),
                refused("<u@#2130706433>"),
                refused("<u@[]>"),
                // To ourselves.
                refused("<u@" + ourName + ">"),
                refused("<u@localhost>"),
                refused("<u>"),
                refused("<>"),
                refused("<@>"),
                refused("<u@>"),
                // What can only be ours.
                new Form("<u@battery.test>", true),
                new Form("<u@BATTERY.Test>", true),
                new Form("<postmaster>", true),
                new Form("<PostMaster>", true),
                new Form("<postmaster@battery.test>", true),
                new Form("<@ext.test:u@battery.test>", true),
                new Form("<\"u\"@battery.test>", true),
                new Form("<u+ext.test@battery.test>", true),
                new Form("<u=ext.test@battery.test>", true));
    }

    private static Form refused(String path) {
        return new Form(path, false);
    }
}
