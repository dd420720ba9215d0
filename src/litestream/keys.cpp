// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/keys.h"

#include "base/nearest.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::litestream {

static std::vector<Key> made()
{
    using enum KeyKind;
    using enum Storage::Bits;
    using enum Versions::Bits;
    // clang-format off
    std::vector<Key> keys = {
        {"addr", Section::Top},
        {"access-key-id", Section::Top, Secret},
        {"secret-access-key", Section::Top, Secret},
        {"exec", Section::Top},
        {"dbs", Section::Top, List, Both, Any, Section::Database},
        {"logging", Section::Top, Map, Both, Any, Section::Logging},
        {"mcp-addr", Section::Top, Text, New},
        {"heartbeat-url", Section::Top, Url, New},
        {"heartbeat-interval", Section::Top, Duration, New},
        {"snapshot", Section::Top, Map, New, Any, Section::Snapshot},
        {"validation", Section::Top, Map, New, Any, Section::Validation},
        {"retention", Section::Top, Map, New, Any, Section::Retention},
        {"levels", Section::Top, List, New, Any, Section::Level},
        {"l0-retention", Section::Top, Duration, New},
        {"l0-retention-check-interval", Section::Top, Duration, New},
        {"verify-compaction", Section::Top, Switch, New},
        {"shutdown-sync-timeout", Section::Top, Duration, New},
        {"shutdown-sync-interval", Section::Top, Duration, New},
        {"socket", Section::Top, Map, New, Any, Section::Socket},

        {"path", Section::Database, Path},
        {"meta-path", Section::Database, Path},
        {"monitor-interval", Section::Database, Duration},
        {"checkpoint-interval", Section::Database, Duration},
        {"min-checkpoint-page-count", Section::Database, Number},
        {"max-checkpoint-page-count", Section::Database, Number, Old},
        {"replicas", Section::Database, List, Both, Any, Section::Replica},
        {"replica", Section::Database, Map, New, Any, Section::Replica},
        {"dir", Section::Database, Path, New},
        {"pattern", Section::Database, Text, New},
        {"recursive", Section::Database, Switch, New},
        {"watch", Section::Database, Switch, New},
        {"meta-dir", Section::Database, Path, New},
        {"busy-timeout", Section::Database, Duration, New},
        {"truncate-page-n", Section::Database, Number, New},
        {"max-sync-wal-bytes", Section::Database, Number, New},
        {"restore-if-db-not-exists", Section::Database, Switch, New},
        {"snapshot", Section::Database, Map, New, Any, Section::Snapshot},

        {"type", Section::Replica},
        {"name", Section::Replica},
        {"url", Section::Replica, Url},
        {"bucket", Section::Replica, Text, Both, S3 | Gcs | Abs | Others, {}, "",
         QT_TRANSLATE_NOOP("LitestreamKey", "Bucket (Azure: container)")},
        {"account-name", Section::Replica, Text, Both, Abs, {}, "", QT_TRANSLATE_NOOP("LitestreamKey", "Account name")},
        {"host", Section::Replica, Text, Both, Sftp, {}, "", QT_TRANSLATE_NOOP("LitestreamKey", "Host and port")},
        {"user", Section::Replica, Text, Both, Sftp, {}, "", QT_TRANSLATE_NOOP("LitestreamKey", "User")},
        {"path", Section::Replica, Path, Both, Any, {}, "", QT_TRANSLATE_NOOP("LitestreamKey", "Path there")},
        {"endpoint", Section::Replica, Url, Both, S3 | Abs | Others, {}, "",
         QT_TRANSLATE_NOOP("LitestreamKey", "Endpoint (not for Amazon)")},
        {"region", Section::Replica, Text, Both, S3 | Others, {}, "", QT_TRANSLATE_NOOP("LitestreamKey", "Region")},
        {"access-key-id", Section::Replica, Secret, Both, S3 | Others, {}, "",
         QT_TRANSLATE_NOOP("LitestreamKey", "Access key id"), "LITESTREAM_ACCESS_KEY_ID"},
        {"secret-access-key", Section::Replica, Secret, Both, S3 | Others, {}, "",
         QT_TRANSLATE_NOOP("LitestreamKey", "Secret access key"), "LITESTREAM_SECRET_ACCESS_KEY"},
        {"account-key", Section::Replica, Secret, Both, Abs, {}, "", QT_TRANSLATE_NOOP("LitestreamKey", "Account key"),
         "LITESTREAM_AZURE_ACCOUNT_KEY"},
        {"key-path", Section::Replica, Path, Both, Sftp, {}, "",
         QT_TRANSLATE_NOOP("LitestreamKey", "File with the private key")},
        {"password", Section::Replica, Secret, Both, Sftp},
        {"force-path-style", Section::Replica, Switch, Both, S3},
        {"skip-verify", Section::Replica, Switch, Both, S3},
        {"sync-interval", Section::Replica, Duration, Both, Any, {}, "1s",
         QT_TRANSLATE_NOOP("LitestreamKey", "Copy changes every")},
        {"snapshot-interval", Section::Replica, Duration, Old, Any, {}, "",
         QT_TRANSLATE_NOOP("LitestreamKey", "Whole copy every")},
        {"retention", Section::Replica, Duration, Old, Any, {}, "24h",
         QT_TRANSLATE_NOOP("LitestreamKey", "Keep what is older for")},
        {"retention-check-interval", Section::Replica, Duration, Old},
        {"validation-interval", Section::Replica, Duration},
        {"age", Section::Replica, Map, Old, Any, Section::Age},
        {"auto-recover", Section::Replica, Switch, New},
        {"sign-payload", Section::Replica, Switch, New, S3},
        {"require-content-md5", Section::Replica, Switch, New, S3},
        {"part-size", Section::Replica, Size, New, S3 | Others},
        {"concurrency", Section::Replica, Number, New, S3 | Others},
        {"sse-customer-algorithm", Section::Replica, Text, New, S3},
        {"sse-customer-key", Section::Replica, Secret, New, S3},
        {"sse-customer-key-path", Section::Replica, Path, New, S3},
        {"sse-kms-key-id", Section::Replica, Text, New, S3},
        {"sas-token", Section::Replica, Secret, New, Abs},
        {"concurrent-writes", Section::Replica, Switch, New, Sftp},
        {"host-key", Section::Replica, Text, New, Sftp},
        {"webdav-url", Section::Replica, Url, New, Others},
        {"webdav-username", Section::Replica, Text, New, Others},
        {"webdav-password", Section::Replica, Secret, New, Others},
        {"jwt", Section::Replica, Secret, New, Others},
        {"seed", Section::Replica, Secret, New, Others},
        {"creds", Section::Replica, Path, New, Others},
        {"nkey", Section::Replica, Secret, New, Others},
        {"username", Section::Replica, Text, New, Others},
        {"token", Section::Replica, Secret, New, Others},
        {"tls", Section::Replica, Switch, New, Others},
        {"root-cas", Section::Replica, Texts, New, Others},
        {"client-cert", Section::Replica, Path, New, Others},
        {"client-key", Section::Replica, Path, New, Others},
        {"max-reconnects", Section::Replica, Number, New, Others},
        {"reconnect-wait", Section::Replica, Duration, New, Others},
        {"timeout", Section::Replica, Duration, New, Others},

        {"level", Section::Logging},
        {"type", Section::Logging},
        {"stderr", Section::Logging, Switch},
        {"identities", Section::Age, Texts, Old},
        {"recipients", Section::Age, Texts, Old},
        {"interval", Section::Snapshot, Duration, New},
        {"retention", Section::Snapshot, Duration, New},
        {"interval", Section::Validation, Duration, New},
        {"enabled", Section::Retention, Switch, New},
        {"interval", Section::Level, Duration, New},
        {"enabled", Section::Socket, Switch, New},
        {"path", Section::Socket, Path, New},
        {"permissions", Section::Socket, Text, New},
    };
    // clang-format on
    // From 0.5 on, what holds for all replicas can stand at the top.
    static constexpr std::string_view Targets[] = {"type", "name", "path", "url"};
    for (std::size_t i = 0, count = keys.size(); i < count; ++i) {
        Key key = keys[i];
        const bool isTarget = std::ranges::find(Targets, key.name) != std::end(Targets);
        if (key.in != Section::Replica || isTarget || !(key.versions & New))
            continue;
        key.in = Section::Top;
        key.versions = New;
        key.label = nullptr;
        keys.push_back(key);
    }
    return keys;
}

std::span<const Key> allKeys()
{
    static const std::vector<Key> Keys = made();
    return Keys;
}

const Key *findKey(Section in, std::string_view name)
{
    for (const Key &key : allKeys()) {
        if (key.in == in && key.name == name)
            return &key;
    }
    return nullptr;
}

std::string nearestKey(Section in, std::string_view name, Syntax syntax)
{
    std::vector<std::string> known;
    for (const Key &key : allKeys()) {
        if (key.in == in && (key.versions & versionOf(syntax)))
            known.emplace_back(key.name);
    }
    return text::nearest(name, known);
}

std::span<const StorageKind> storageKinds()
{
    using enum Storage::Bits;
    static const std::vector<StorageKind> Kinds = {
        {S3, "s3", "s3", QT_TRANSLATE_NOOP("LitestreamKey", "S3 or compatible"), {"bucket"}},
        {Abs, "abs", "abs", QT_TRANSLATE_NOOP("LitestreamKey", "Azure Blob Storage"), {"account-name", "bucket"}},
        {Gcs, "gcs", "gs", QT_TRANSLATE_NOOP("LitestreamKey", "Google Cloud Storage"), {"bucket"}},
        {Sftp, "sftp", "sftp", QT_TRANSLATE_NOOP("LitestreamKey", "SFTP server"), {"host", "user", "path"}},
        {File, "file", "file", QT_TRANSLATE_NOOP("LitestreamKey", "Folder"), {"path"}},
    };
    return Kinds;
}

static constexpr const char *OtherTypes[] = {"webdav", "nats", "oss"};

const StorageKind *storageKind(std::string_view type, Syntax syntax)
{
    for (const StorageKind &kind : storageKinds()) {
        if (type == (syntax == Syntax::V03 ? kind.type : kind.newType))
            return &kind;
    }
    static const StorageKind Other{Storage::Others, "", "", nullptr, {}};
    const bool isOther = syntax == Syntax::V05 && std::ranges::find(OtherTypes, type) != std::end(OtherTypes);
    return isOther ? &Other : nullptr;
}

std::vector<std::string> storageTypes(Syntax syntax)
{
    std::vector<std::string> types;
    for (const StorageKind &kind : storageKinds())
        types.emplace_back(syntax == Syntax::V03 ? kind.type : kind.newType);
    if (syntax == Syntax::V05)
        types.insert(types.end(), std::begin(OtherTypes), std::end(OtherTypes));
    return types;
}

}
