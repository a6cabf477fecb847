// What saving a customer checks and adds.

using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Customers;

public static class PrepareCustomer
{
    public static ValueTask<Customer> Run(
        UnitOfWork work,
        Customer? before,
        Customer after,
        FieldErrors errors,
        CancellationToken cancel
    ) => new(after with { Since = (after).Since ?? work.Now });
}
