// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/schema.h"

#include "sqlite/connection.h"

namespace lk::inspect {

const SchemaObject *Schema::find(ObjectType type, std::string_view name) const
{
    for (const SchemaObject &object : objects) {
        if (object.type == type && object.name == name)
            return &object;
    }
    return nullptr;
}

const char *objectTypeName(ObjectType type)
{
    switch (type) {
    case ObjectType::Table:
        return "table";
    case ObjectType::Index:
        return "index";
    case ObjectType::View:
        return "view";
    case ObjectType::Trigger:
        break;
    }
    return "trigger";
}

Result<Schema> readSchema(sqlite::Connection &connection)
{
    return fail(ErrorCode::Unsupported, connection.path());
}

Result<Schema> readStructure(sqlite::Connection &connection)
{
    return fail(ErrorCode::Unsupported, connection.path());
}

}
