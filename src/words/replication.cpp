// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/replication.h"

#include "words/describe.h"
#include "words/fill.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::words {

using litestream::ReplicaStatus;
using litestream::State;
using litestream::Trouble;

static constexpr const char *Context = "Replication";

QString describe(State state)
{
    switch (state) {
    case State::Healthy:
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Healthy"), {});
    case State::NeverTested:
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Never tested"), {});
    case State::CatchingUp:
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Catching up"), {});
    case State::Stalled:
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Stalled"), {});
    case State::Failing:
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Failing"), {});
    case State::NotRunning:
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Not running"), {});
    case State::Unknown:
        break;
    }
    return fill(Context, QT_TRANSLATE_NOOP("Replication", "Not known"), {});
}

/// What people meet, by words that the storages' libraries have for it.
struct Meaning
{
    std::string_view sign;
    const char *text;
};
static constexpr Meaning Meanings[] = {
    {"connection refused",
     QT_TRANSLATE_NOOP("Replication", "The storage does not answer: nothing listens at its address.")},
    {"no such host", QT_TRANSLATE_NOOP("Replication", "The storage's name is not known to this network.")},
    {"i/o timeout", QT_TRANSLATE_NOOP("Replication", "The storage does not answer in time.")},
    {"no answer within", QT_TRANSLATE_NOOP("Replication", "The storage does not answer in time.")},
    {"network is unreachable", QT_TRANSLATE_NOOP("Replication", "There is no way to the storage: no network.")},
    {"x509", QT_TRANSLATE_NOOP("Replication", "The storage's certificate is not one that can be trusted.")},
    {"NoSuchBucket", QT_TRANSLATE_NOOP("Replication", "The bucket does not exist.")},
    {"NoCredentialProviders", QT_TRANSLATE_NOOP("Replication", "There are no keys to the storage.")},
    {"InvalidAccessKeyId", QT_TRANSLATE_NOOP("Replication", "The storage does not know the access key.")},
    {"SignatureDoesNotMatch", QT_TRANSLATE_NOOP("Replication", "The secret key is wrong.")},
    {"AuthenticationFailed", QT_TRANSLATE_NOOP("Replication", "The storage does not take the key.")},
    {"unable to authenticate", QT_TRANSLATE_NOOP("Replication", "The server does not take the key or the password.")},
    {"AccessDenied", QT_TRANSLATE_NOOP("Replication", "The storage does not permit this key to do that.")},
    {"status code: 403", QT_TRANSLATE_NOOP("Replication", "The storage does not permit this key to do that.")},
    {"permission denied", QT_TRANSLATE_NOOP("Replication", "The folder does not permit it.")},
    {"no space left", QT_TRANSLATE_NOOP("Replication", "There is no room left where it copies to.")},
    {"read-only file system", QT_TRANSLATE_NOOP("Replication", "The file system that it copies to can't be written.")},
};

QString storageError(const std::string &said)
{
    const auto *meaning =
        std::ranges::find_if(Meanings, [&](const Meaning &one) { return said.find(one.sign) != std::string::npos; });
    if (meaning == std::end(Meanings))
        return fill(Context, QT_TRANSLATE_NOOP("Replication", "Litestream says: %1"), {shown(said)});
    return fill(Context, meaning->text, {}) + QLatin1Char(' ') +
           fill(Context, QT_TRANSLATE_NOOP("Replication", "(Litestream says: %1)"), {shown(said)});
}

static QString troubleText(const litestream::Status &status)
{
    switch (status.trouble) {
    case Trouble::Said:
        return storageError(status.said);
    case Trouble::NoDatabase:
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "There is no such database, and Litestream waits for one "
                                                     "without a word. Correct its path in the configuration."),
                    {});
    case Trouble::SyncErrors:
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "Litestream can't follow the database, and says why in its log "
                                                     "alone: look there."),
                    {});
    case Trouble::Silent:
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "Litestream is there, but does not answer. Start it again."), {});
    case Trouble::NoKeys:
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "Litestream copies all. Litekeeper can't look into the replica "
                                                     "itself: %1"),
                    {storageError(status.said)});
    case Trouble::None:
        break;
    }
    return {};
}

QString advice(const ReplicaStatus &replica)
{
    const litestream::Status &status = replica.status;
    if (status.state == State::NotRunning)
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "Litestream does not run for this database: nothing is copied. "
                                                     "Start it here, or have it run as a service."),
                    {});
    if (status.trouble != Trouble::None)
        return troubleText(status);
    if (status.state == State::Stalled)
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "There are changes, and none of them gets to %1. Look whether "
                                                     "it can be reached, and in Litestream's log."),
                    {shown(replica.replica)});
    if (status.state == State::Unknown)
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "It runs, and nothing tells how far it is: that takes \"addr\" in "
                                                     "the configuration, and a Litestream before 0.5."),
                    {});
    if (status.state == State::NeverTested)
        return fill(Context,
                    QT_TRANSLATE_NOOP("Replication", "All is copied, but nobody has tried to get it back yet."), {});
    return {};
}

QString withoutMetrics()
{
    return fill(Context,
                QT_TRANSLATE_NOOP("Replication", "The configuration has no \"addr\", so Litestream does not tell how "
                                                 "far it is: times are compared instead, and bytes are not known. "
                                                 "addr: \"127.0.0.1:9090\" would change that."),
                {});
}

QString aboutLitestream()
{
    return fill(Context,
                QT_TRANSLATE_NOOP("Replication", "Litestream copies each change of a database to another place within "
                                                 "a second or so: a folder, a server, S3 and the like. It is a program "
                                                 "of its own and not installed here. It comes from "
                                                 "https://litestream.io/install/."),
                {});
}

QString careNeeded(const ReplicaStatus &replica)
{
    return fill(Context, QT_TRANSLATE_NOOP("Replication", "%1 → %2: %3. %4"),
                {displayName(replica.database), shown(replica.replica), describe(replica.status.state).toLower(),
                 advice(replica)});
}

}
