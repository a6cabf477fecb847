// The field of subscriptions: events of the workspace as they are committed.

using System.Text.Json;
using Crm.Domain.Events;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Types;

namespace Crm.Api.GraphQL;

static class EventField
{
    public static bool Is(CatalogEntry entry) => entry.Type.Clr == typeof(Event);

    public static FieldDefinition Of(GraphType type) =>
        new(
            "events",
            type.NonNull,
            "What happens in the workspace from now on, or from behind an event.",
            [
                new(
                    "types",
                    ScalarType.String.NonNull.List,
                    "Only events of these types, such as lead.created or lead.*, by type or by also."
                ),
                new("subject", ScalarType.ID, "Only what happens to this record."),
                new(
                    "after",
                    ScalarType.String,
                    "The position (extensions.cursor) or the id of the last event that was received: goes on exactly behind it."
                ),
            ],
            new(null, call => new([new Loaded(GraphQLCall.Of(call).Event)]), (_, _) => 1)
        );

    /// <summary>Opens the stream; throws a <see cref="ProblemException"/> for arguments or a key that do not allow it.</summary>
    /// <param name="resume">Where a client that comes again by itself was; it counts before what the request says, which is as old as the
    /// first one. Empty: nothing.</param>
    public static async ValueTask<FollowEvents> Open(PreparedOperation operation, CancellationToken cancel, string? resume = null)
    {
        var (caller, arguments) = (operation.Caller, operation.Source!.Arguments);
        var rights = caller.MustRead(ResourceType.Of<Event>());
        var types =
            arguments.TryGetProperty("types", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(t => t.GetString()!).ToList()
                : null;
        if (types is { Count: 0 or > WantedEvents.MostTypes } || types?.Any(type => !WantedEvents.IsType(type)) == true)
            throw ProblemException.Invalid(
                "types",
                "out_of_range",
                $"Takes 1 to {WantedEvents.MostTypes} types such as lead.created, or lead.* for all of one kind."
            );
        var follow = new FollowEvents(
            operation.Call.Installation,
            caller.Settings.Store,
            new(types, Text(arguments, "subject")),
            string.IsNullOrEmpty(resume) ? Text(arguments, "after") : resume,
            rights.Rows
        );
        await follow.Start(cancel);
        return follow;
    }

    static string? Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
