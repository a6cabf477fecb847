// The GraphQL schema, made from the catalog: types, filters, orders and changes of every resource; none is known by name.

using Crm.Api.Http;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Types;
using GraphType = Crm.GraphQL.Types.GraphType;
using ObjectType = Crm.GraphQL.Types.ObjectType;
using ScalarType = Crm.GraphQL.Types.ScalarType;

namespace Crm.Api.GraphQL;

/// <summary>Builds one schema: for the fields that a workspace has added, or for none.</summary>
public sealed class ApiSchema
{
    static readonly ScalarType Long = new("Long", "A whole number of up to 53 bits.", ScalarTakes.Long),
        Decimal = new("Decimal", "A number with up to 28 digits.", ScalarTakes.Number),
        Moment = new("DateTime", "A moment, RFC 3339 in UTC.", ScalarTakes.Text, "https://www.rfc-editor.org/rfc/rfc3339"),
        Date = new("Date", "A day such as 2026-11-22.", ScalarTakes.Text),
        Any = new("JSON", "Any JSON.", ScalarTakes.Anything);

    readonly Catalog catalog;
    readonly Func<ResourceType, IReadOnlyList<Field>> customOf;
    readonly Dictionary<string, NamedType> made = new(StringComparer.Ordinal);
    readonly InterfaceType node,
        error;
    readonly ObjectType problem,
        fieldProblem,
        pageInfo;

    /// <summary>Objects that a change merges into what is there, so that nothing in them has to be given.</summary>
    readonly HashSet<Domain.Resources.ObjectType> merged = [];
    readonly EnumType direction = new("SortEnumType", "The direction of an order.", ["ASC", "DESC"]);

    ApiSchema(Catalog catalog, Func<ResourceType, IReadOnlyList<Field>> customOf)
    {
        (this.catalog, this.customOf) = (catalog, customOf);
        foreach (var entry in catalog.Public.Where(e => e.Type.Can.HasFlag(Operations.Update)))
            AddMerged(entry.Type);
        var byPrefix = Readable.ToDictionary(e => e.Type.Prefix, e => Pascal(e.Type.Name), StringComparer.Ordinal);
        node = new("Node", "A record of any kind, by its id.", json =>
            Json.Text(json, "id") is { } id && byPrefix.TryGetValue(id[..Math.Max(0, id.LastIndexOf('_'))], out var name) ? name : ""
        );
        node.Add(new("id", ScalarType.ID.NonNull));
        error = new("Error", "Why something was not done.", json => Json.Text(json, "field") is null ? "Problem" : "FieldProblem");
        problem = new("Problem", "A problem with the request.", error);
        fieldProblem = new("FieldProblem", "A problem with one field of the input.", error);
        foreach (var with in new FieldsType[] { error, problem, fieldProblem })
        {
            with.Add(new("message", ScalarType.String.NonNull, "A sentence for people."));
            with.Add(new("code", ScalarType.String.NonNull, "Stable; the same as over REST."));
        }
        fieldProblem.Add(new("field", ScalarType.String.NonNull, "The field, as a path."));
        pageInfo = new("PageInfo", "Where a page stands in its list.");
        foreach (
            var (name, type) in new (string, GraphType)[]
            {
                ("hasNextPage", ScalarType.Boolean.NonNull),
                ("hasPreviousPage", ScalarType.Boolean.NonNull),
                ("startCursor", ScalarType.String),
                ("endCursor", ScalarType.String),
            }
        )
            pageInfo.Add(new(name, type));
    }

    public static Schema Build(Catalog catalog, Func<ResourceType, IReadOnlyList<Field>> customOf) =>
        new ApiSchema(catalog, customOf).Schema();

    void AddMerged(Domain.Resources.ObjectType type)
    {
        foreach (var field in type.Fields.Where(f => f.IsWritable && !f.IsWriteOnce))
            if (field.Kind is Domain.Resources.ObjectValue inner && merged.Add(inner.Type))
                AddMerged(inner.Type);
    }

    IEnumerable<CatalogEntry> Readable => catalog.Public.Where(e => e.Type.Can.HasFlag(Operations.Read));

    Schema Schema()
    {
        var query = new ObjectType("Query", "What can be read.");
        var mutation = new ObjectType("Mutation", "What can be changed; one after the other.");
        query.Add(
            new(
                "node",
                node,
                "A record by its id.",
                [new("id", ScalarType.ID.NonNull)],
                new(null, call => Records.Nodes(call, Readable, false), (_, _) => 1)
            )
        );
        query.Add(
            new(
                "nodes",
                node.List.NonNull,
                "Records by their ids, in their order.",
                [new("ids", ScalarType.ID.NonNull.List.NonNull)],
                new(null, call => Records.Nodes(call, Readable, true), (arguments, _) => arguments.GetProperty("ids").GetArrayLength())
                {
                    IsList = true,
                }
            )
        );
        foreach (var entry in Readable)
        {
            query.Add(
                new(
                    entry.Type.Name,
                    Of(entry.Type),
                    entry.Type.Description,
                    [new("id", ScalarType.ID.NonNull)],
                    new(null, call => Records.Single(call, entry), (_, _) => 1)
                )
            );
            query.Add(
                ListField(Camel(entry.Type.Plural), entry, $"A list of {entry.Type.Plural}.", call =>
                    Records.OrDamage(Records.List(call, entry))
                )
            );
        }
        query.Add(
            new(
                "report",
                Any,
                "A report as GET /v1/reports/{name} answers it.",
                [
                    new("name", ScalarType.String.NonNull, $"One of: {string.Join(", ", catalog.Reports.Names)}."),
                    new("from", Date),
                    new("to", Date),
                    new("interval", ScalarType.String),
                    new("traffic", ScalarType.String),
                    new("compare", ScalarType.String),
                    new("sort", ScalarType.String),
                    new("minClicks", ScalarType.Int),
                    new("limit", ScalarType.Int),
                ],
                new(null, ReportField.Load, (_, _) => 100)
            )
        );
        foreach (var entry in catalog.Public)
            Changes(mutation, entry);
        List<ObjectType> more = [problem, fieldProblem];
        if (Readable.FirstOrDefault(EventField.Is) is { } events)
        {
            var subscription = new ObjectType("Subscription", "What can be followed, over Server-Sent Events or WebSocket.");
            subscription.Add(EventField.Of(Of(events.Type)));
            more.Add(subscription);
        }
        return new(query, mutation, [.. more]);
    }

    FieldDefinition ListField(string name, CatalogEntry entry, string description, Func<FieldCall, ValueTask<IReadOnlyList<Loaded>>> load)
    {
        List<ArgumentDefinition> arguments =
        [
            new(
                "first",
                ScalarType.Int,
                $"How many from the start; 0 to {Rest.ListQuery.MostRows}. If nothing is said {Rest.ListQuery.DefaultLimit}; {RecordList.InsideLimit} in a list, {RecordList.DeeperLimit} further in."
            ),
            new("after", ScalarType.String),
            new("last", ScalarType.Int),
            new("before", ScalarType.String),
            new("where", Where(entry.Type)),
            new("order", Order(entry.Type).NonNull.List),
        ];
        if (entry.Type.Collection.Searchable)
            arguments.Add(new("q", ScalarType.String, "Words to search for."));
        return new(name, Connection(entry.Type), description, arguments, new(null, load, RecordList.Rows) { IsList = true });
    }

    // ---- What is read

    ObjectType Of(ResourceType type)
    {
        var name = Pascal(type.Name);
        if (made.TryGetValue(name, out var known))
            return (ObjectType)known;
        var result = new ObjectType(name, type.Description, node);
        made[name] = result;
        result.Add(new("id", ScalarType.ID.NonNull, "The id; known to node(id:)."));
        result.Add(new("version", Long.NonNull, "One more with each change."));
        result.Add(new("createdAt", Moment.NonNull));
        result.Add(new("updatedAt", Moment.NonNull));
        AddFields(result, name, type.Fields.Where(f => f.Stored && !f.IsSecret));
        foreach (var field in type.Fields.Where(f => f.IsServed))
            result.Add(
                new(
                    field.Name,
                    Out(field, field.Kind, name),
                    field.Description,
                    null,
                    new(null, call => new(Records.Served(call, catalog.For(type), field)))
                )
            );
        if (type.TakesCustomFields && customOf(type) is { Count: > 0 } own)
        {
            var custom = new ObjectType(name + "Custom", "The workspace's own fields.");
            AddFields(custom, custom.Name, own);
            result.Add(new("custom", custom, "The workspace's own fields."));
        }
        foreach (var other in Readable)
        {
            var paths = other.Type.References.Where(r => r.Field.Refers == type.Clr && !r.Field.IsSecret).Select(r => r.Path).ToList();
            foreach (var path in paths)
            {
                var list =
                    paths.Count == 1 || path == type.Name
                        ? Camel(other.Type.Plural)
                        : Camel(other.Type.Plural) + "By" + string.Concat(path.Split('.').Select(Pascal));
                if (result.Field(list) is null)
                    result.Add(
                        ListField(list, other, $"The {other.Type.Plural} whose {path} is this {type.Name}.", call =>
                            Records.OrDamage(Records.Back(call, other, path))
                        )
                    );
            }
        }
        return result;
    }

    ObjectType Inner(Domain.Resources.ObjectType type)
    {
        var name = type.Name;
        if (made.TryGetValue(name, out var known))
            return (ObjectType)known;
        var result = new ObjectType(name, null);
        made[name] = result;
        AddFields(result, name, type.Fields.Where(f => f.Stored && !f.IsSecret));
        return result;
    }

    void AddFields(ObjectType to, string owner, IEnumerable<Field> fields)
    {
        foreach (var field in fields)
        {
            if (field.Refers is { } refers && catalog.For(ResourceType.Of(refers)) is var other && Readable.Contains(other))
            {
                var many = field.IsMany;
                to.Add(
                    new(
                        field.Name,
                        many ? Of(other.Type).List : Of(other.Type),
                        field.Description,
                        null,
                        new(null, call => Records.References(call, other, field.Name, many), (_, _) => many ? 5 : 1)
                    )
                );
                to.Add(
                    new(
                        field.Name + (many ? "Ids" : "Id"),
                        many ? ScalarType.ID.NonNull.List : ScalarType.ID,
                        $"The id in {field.Name}.",
                        null,
                        new(field.Name, null)
                    )
                );
            }
            else
                to.Add(new(field.Name, Out(field, field.Kind, owner), field.Description));
        }
    }

    GraphType Out(Field field, FieldKind kind, string owner) =>
        kind switch
        {
            Domain.Resources.ListValue list => Out(field, list.Item, owner).NonNull.List,
            Domain.Resources.ObjectValue inner => Inner(inner.Type),
            _ => Scalar(field, kind, owner),
        };

    NamedType Scalar(Field field, FieldKind kind, string owner)
    {
        if (kind is ChoiceValue choice && field.Choices.Count == 0)
        {
            var name = owner + Pascal(field.Name);
            if (!made.TryGetValue(name, out var known))
                made[name] = known = new EnumType(name, field.Description, choice.Words(field));
            return known;
        }
        return kind switch
        {
            IntegerValue => Long,
            NumberValue => Decimal,
            Domain.Resources.BooleanValue => ScalarType.Boolean,
            DateTimeValue => Moment,
            DateValue => Date,
            JsonValue => Any,
            ReferenceValue => ScalarType.ID,
            _ => ScalarType.String,
        };
    }

    ObjectType Connection(ResourceType type)
    {
        var name = Pascal(type.Plural) + "Connection";
        if (made.TryGetValue(name, out var known))
            return (ObjectType)known;
        var edge = new ObjectType(Pascal(type.Plural) + "Edge", "A record and its place in the list.");
        var result = new ObjectType(name, $"A page of {type.Plural}.");
        made[name] = result;
        edge.Add(new("cursor", ScalarType.String.NonNull));
        edge.Add(new("node", Of(type).NonNull));
        result.Add(new("nodes", Of(type).NonNull.List));
        result.Add(new("edges", edge.NonNull.List));
        result.Add(new("pageInfo", pageInfo.NonNull));
        result.Add(
            new("totalCount", ScalarType.Int, $"How many there are, counted up to {RecordList.MostCounted}; costs a query of its own.")
        );
        return result;
    }

    // ---- What is asked for

    InputObjectType Where(ResourceType type)
    {
        var name = Pascal(type.Name) + "FilterInput";
        if (made.TryGetValue(name, out var known))
            return (InputObjectType)known;
        var result = new InputObjectType(name, $"Conditions on {type.Plural}; all of them must hold.");
        made[name] = result;
        result.Add(new("and", result.NonNull.List));
        result.Add(new("or", result.NonNull.List));
        result.Add(new("createdAt", Comparisons(Moment, false, "createdAt")));
        if (type.Collection.Key("updatedAt") is not null)
            result.Add(new("updatedAt", Comparisons(Moment, true, "DateTime")));
        var custom = customOf(type).Select(f => ("custom." + f.Name, f));
        foreach (var (path, field) in type.Filters.Concat(type.TakesCustomFields ? custom : []))
            AddPath(result, Pascal(type.Name), path.Split('.'), "FilterInput", owner =>
            {
                var kind = field.Kind is Domain.Resources.ListValue list ? list.Item : field.Kind;
                var scalar = Scalar(field, kind, owner);
                return Comparisons(scalar, true, scalar.Name);
            });
        return result;
    }

    InputObjectType Comparisons(NamedType value, bool all, string name)
    {
        name = Pascal(name) + "OperationFilterInput";
        if (made.TryGetValue(name, out var known))
            return (InputObjectType)known;
        var result = new InputObjectType(name, null);
        made[name] = result;
        string[] comparisons =
            value is EnumType || value == ScalarType.Boolean || value == ScalarType.ID
                ? ["eq", "neq"]
                : ["eq", "neq", "gt", "gte", "lt", "lte"];
        foreach (var comparison in comparisons)
            result.Add(new(comparison, value));
        if (!all)
            return result;
        result.Add(new("in", value.NonNull.List));
        result.Add(new("nin", value.NonNull.List));
        result.Add(new("exists", ScalarType.Boolean));
        if (value == ScalarType.String)
        {
            result.Add(new("contains", value));
            result.Add(new("startsWith", value));
        }
        return result;
    }

    InputObjectType Order(ResourceType type)
    {
        var name = Pascal(type.Name) + "SortInput";
        if (made.TryGetValue(name, out var known))
            return (InputObjectType)known;
        var result = new InputObjectType(name, "One field with its direction.");
        made[name] = result;
        foreach (var path in Rest.ListQuery.Sortable(type, new(null, type.TakesCustomFields ? customOf(type) : [])))
            AddPath(result, Pascal(type.Name), path.Split('.'), "SortInput", _ => direction);
        return result;
    }

    /// <summary>A path such as source.form becomes input objects inside each other.</summary>
    void AddPath(InputObjectType to, string owner, string[] path, string suffix, Func<string, NamedType> leaf)
    {
        if (path.Length == 1)
        {
            if (to.Field(path[0]) is null)
                to.Add(new(path[0], leaf(owner)));
            return;
        }
        var name = owner + Pascal(path[0]) + suffix;
        if (!made.TryGetValue(name, out var inner))
        {
            made[name] = inner = new InputObjectType(name, null);
            to.Add(new(path[0], inner));
        }
        AddPath((InputObjectType)inner, owner + Pascal(path[0]), path[1..], suffix, leaf);
    }

    // ---- What is changed

    void Changes(ObjectType mutation, CatalogEntry entry)
    {
        var (type, name) = (entry.Type, Pascal(entry.Type.Name));
        if (type.Can.HasFlag(Operations.Create))
            Change(mutation, entry, "create" + name, type.Description, Input($"Create{name}Input", type, false), RecordChanges.Create);
        if (type.Can.HasFlag(Operations.Update))
        {
            var input = Input($"Update{name}Input", type, true);
            Change(mutation, entry, "update" + name, "Changes what is given; null takes a value away.", input, RecordChanges.Update);
        }
        if (type.Can.HasFlag(Operations.Delete))
            Change(mutation, entry, "delete" + name, null, Target(new($"Delete{name}Input", null)), RecordChanges.Delete);
        foreach (var action in entry.Actions)
        {
            var verb = Camel(action.Name) + (action.OnRecord ? name : Pascal(type.Plural));
            var input = new InputObjectType(Pascal(verb) + "Input", null);
            if (action.OnRecord)
                Target(input);
            if (action.Input is not null)
            {
                var body = Domain.Resources.ObjectType.Of(action.Input);
                AddInputs(input, Pascal(verb), body.Fields, body.MustBeGiven);
            }
            Change(mutation, entry, verb, action.Description, input.Fields.Count == 0 ? null : input, (call, of) =>
                RecordChanges.Act(call, of, action)
            );
        }
    }

    static InputObjectType Target(InputObjectType input)
    {
        input.Add(new("id", ScalarType.ID.NonNull));
        input.Add(new("ifVersion", Long, "The version the change is meant for; refused when it is another by now."));
        return input;
    }

    InputObjectType Input(string name, ResourceType type, bool change)
    {
        var input = new InputObjectType(name, null);
        if (change)
            Target(input);
        AddInputs(input, Pascal(type.Name), type.Fields.Where(f => !change || !f.IsWriteOnce), f => !change && type.MustBeGiven(f));
        foreach (var (shortForm, description, _) in ((Resource)Activator.CreateInstance(type.Clr)!).ShortForms)
            input.Add(new(shortForm, ScalarType.String, description));
        if (type.TakesCustomFields && customOf(type) is { Count: > 0 } own)
        {
            var inner = Pascal(type.Name) + "CustomInput";
            if (!made.TryGetValue(inner, out var custom))
            {
                made[inner] = custom = new InputObjectType(inner, "The workspace's own fields.");
                AddInputs((InputObjectType)custom, Pascal(type.Name) + "Custom", own, _ => false);
            }
            input.Add(new("custom", custom));
        }
        return input;
    }

    void AddInputs(InputObjectType to, string owner, IEnumerable<Field> fields, Func<Field, bool> mustBeGiven)
    {
        foreach (var field in fields.Where(f => f.IsWritable))
            to.Add(
                new(field.Name, In(field, field.Kind, owner) is var type && mustBeGiven(field) ? type.NonNull : type, field.Description)
            );
    }

    GraphType In(Field field, FieldKind kind, string owner)
    {
        if (kind is Domain.Resources.ListValue list)
            return In(field, list.Item, owner).NonNull.List;
        if (kind is not Domain.Resources.ObjectValue inner)
            return Scalar(field, kind, owner);
        var name = inner.Type.Name + "Input";
        if (made.TryGetValue(name, out var known))
            return known;
        var input = new InputObjectType(name, null);
        made[name] = input;
        AddInputs(input, inner.Type.Name, inner.Type.Fields, f => !merged.Contains(inner.Type) && inner.Type.MustBeGiven(f));
        return input;
    }

    void Change(
        ObjectType mutation,
        CatalogEntry entry,
        string name,
        string? description,
        InputObjectType? input,
        Func<FieldCall, CatalogEntry, ValueTask<Loaded>> run
    )
    {
        var payload = new ObjectType(Pascal(name) + "Payload", null);
        payload.Add(new(entry.Type.Name, Of(entry.Type), "The record as it is now; null when it is gone or nothing was done."));
        payload.Add(new("result", Any, "What a verb answers that is no record."));
        payload.Add(new("shownOnce", Any, "What is shown in this one answer and stored nowhere, such as a new key."));
        payload.Add(new("errors", error.NonNull.List, "Why nothing was done; null when it was."));
        mutation.Add(
            new(
                name,
                payload.NonNull,
                description,
                input is null ? [] : [new("input", input.NonNull)],
                new(null, async call => [await run(call, entry)], (_, _) => 10)
            )
        );
    }

    // ---- Names

    static string Camel(string kebab) => char.ToLowerInvariant(kebab[0]) + Pascal(kebab)[1..];

    static string Pascal(string name) => string.Concat(name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
