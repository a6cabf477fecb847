// What saving a customer checks and adds.

using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Customers;

public static class PrepareCustomer
{
    public static async ValueTask<Customer> Run(
        UnitOfWork work,
        Customer? before,
        Customer after,
        FieldErrors errors,
        CancellationToken cancel
    ) => await PrepareNumbers.Run(work, before, after with { Since = after.Since ?? work.Now }, cancel);
}
