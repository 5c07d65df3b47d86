package org.understudy.alerts.engine;

/** Names the source of alerts about a channel itself. */
public final class ChannelSource {
    private static final String PREFIX = "notification-channel/";

    private ChannelSource() {}

    public static String of(String channel) {
        return PREFIX + channel;
    }

    /** Whether a source is ours rather than the caller's. */
    public static boolean isOne(String source) {
        return source.startsWith(PREFIX);
    }
}
