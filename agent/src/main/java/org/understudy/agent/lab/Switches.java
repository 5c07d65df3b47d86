package org.understudy.agent.lab;

/**
 * What is broken at the moment. Immutable.
 *
 * @param primaryStopped the primary's SMTP port is closed
 * @param primaryRefuses the primary knows none of its recipients
 * @param preferencesInverted the backup's exchanger record has the lower preference
 * @param backupDropped the backup has no exchanger record
 * @param dnsStopped the name server is silent
 * @param zoneSerial of the SOA record; grows with every change of the zone
 */
record Switches(
        boolean primaryStopped,
        boolean primaryRefuses,
        boolean preferencesInverted,
        boolean backupDropped,
        boolean dnsStopped,
        SlackAnswer slack,
        long zoneSerial) {

    static final Switches ALL_WELL = new Switches(false, false, false, false, false, SlackAnswer.OK, 1);

    Switches withPrimaryStopped(boolean stopped) {
        return new Switches(stopped, primaryRefuses, preferencesInverted, backupDropped, dnsStopped, slack, zoneSerial);
    }

    Switches withPrimaryRefusing(boolean refuses) {
        return new Switches(primaryStopped, refuses, preferencesInverted, backupDropped, dnsStopped, slack, zoneSerial);
    }

    Switches withDnsStopped(boolean stopped) {
        return new Switches(
                primaryStopped, primaryRefuses, preferencesInverted, backupDropped, stopped, slack, zoneSerial);
    }

    Switches withSlack(SlackAnswer answer) {
        return new Switches(
                primaryStopped, primaryRefuses, preferencesInverted, backupDropped, dnsStopped, answer, zoneSerial);
    }

    /** The same with another zone, and a serial to tell it; itself if the zone stays as it is. */
    Switches withZone(boolean inverted, boolean dropped) {
        if (inverted == preferencesInverted && dropped == backupDropped) {
            return this;
        }
        return new Switches(primaryStopped, primaryRefuses, inverted, dropped, dnsStopped, slack, zoneSerial + 1);
    }
}
